"""A table as typing sees it: each text cleaned and parsed once."""

from __future__ import annotations

from dataclasses import dataclass

from app.tables.grid import Cell, Table
from app.tables.text import clean, one_line
from app.workbook.conventions import Evidence, evidence
from app.workbook.dates import DayOrder, day_order, looks_like_date
from app.workbook.numerals import Numeral, parse_numeral


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A body cell."""

    row: int
    col: int
    text: str
    """Cleaned."""
    is_date: bool
    """Built like a date, right or wrong. Such a text is no numeral and says nothing about numbers."""
    numeral: Numeral | None


@dataclass(frozen=True, slots=True)
class TableReading:
    """The body by columns, and what the whole table tells."""

    columns: tuple[tuple[ReadCell, ...], ...]
    """Cells by the column in which they begin."""
    headers: tuple[str, ...]
    """The text that names each column: the lowest header cell above it."""
    numerals: tuple[Numeral, ...]
    labelled_rows: frozenset[int]
    """Rows whose first column is filled."""
    words: str
    """All text without the numbers, but with their currencies."""
    evidence: Evidence
    day_order: DayOrder | None


def read_table(table: Table) -> TableReading:
    """Cleans and parses every cell."""
    body = [_read_cell(cell) for cell in table.cells if cell.row >= table.header_rows]
    numerals = tuple(cell.numeral for cell in body if cell.numeral)
    return TableReading(
        columns=tuple(tuple(cell for cell in body if cell.col == col) for col in range(table.cols)),
        headers=_headers(table),
        numerals=numerals,
        labelled_rows=frozenset(cell.row for cell in body if cell.col == 0 and cell.text),
        words=_words(table, body),
        evidence=evidence(numerals),
        day_order=day_order(cell.text for cell in body if cell.is_date),
    )


def _read_cell(cell: Cell) -> ReadCell:
    text = clean(cell.text)
    is_date = looks_like_date(text)
    return ReadCell(cell.row, cell.col, text, is_date, None if is_date else parse_numeral(text))


def _headers(table: Table) -> tuple[str, ...]:
    names = [""] * table.cols
    for cell in table.cells:
        if cell.row < table.header_rows and cell.text.strip():
            for col in range(cell.col, cell.col + cell.col_span):
                names[col] = one_line(cell.text)
    return tuple(names)


def _words(table: Table, body: list[ReadCell]) -> str:
    around = [table.title, *table.notes, *(c.text for c in table.cells if c.row < table.header_rows)]
    inside = [cell.numeral.currency if cell.numeral else cell.text for cell in body]
    return " ".join([*around, *inside])
