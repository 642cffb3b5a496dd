"""A table as typing sees it: each text cleaned and parsed once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from app.tables.grid import Cell, Table
from app.tables.text import clean, one_line
from app.workbook.columns import spaces_repeat
from app.workbook.conventions import Evidence, Leaning, evidence
from app.workbook.dates import DayOrder, date_rules, is_date_shape
from app.workbook.languages import leaning
from app.workbook.numerals import Numeral, numeral_of, zeros_of
from app.workbook.shapes import Shape
from app.workbook.times import is_time_shape

_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


class ReadCell(NamedTuple):
    """A body cell."""

    row: int
    col: int
    text: str
    """Cleaned."""
    is_date: bool = False
    """Built like a date, right or wrong. Such a text is no numeral and says nothing about numbers."""
    is_time: bool = False
    """Built like a time, right or wrong."""
    numeral: Numeral | None = None


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column's body cells, and what they are."""

    header: str
    """The text that names the column: the lowest header cell above it."""
    cells: tuple[ReadCell, ...]
    """Those that begin in the column."""
    numerals: tuple[Numeral, ...]
    labelled: tuple[bool, ...]
    """For each numeral, whether the first column of its row is filled."""
    dates: tuple[str, ...]
    times: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class TableReading:
    """The body by columns, and what the whole table tells."""

    columns: tuple[ReadColumn, ...]
    shapes: frozenset[Shape]
    """Of all numerals."""
    spaces_group: bool
    """Whether spaces stand between groups of digits."""
    leaning: Leaning
    east_asian: Callable[[], bool]
    """Whether the words are Chinese or Japanese."""
    evidence: Evidence
    day_order: DayOrder | None


def read_table(table: Table) -> TableReading:
    """Cleans and parses every cell."""
    by_column: list[list[ReadCell]] = [[] for _ in range(table.cols)]
    for cell in table.cells:
        if cell.row >= table.header_rows:
            by_column[cell.col].append(_read_cell(cell))
    labelled = {cell.row for cell in by_column[0] if cell.text}
    named = zip(_headers(table), by_column, strict=True)
    columns = tuple(_column(header, cells, labelled) for header, cells in named)
    numerals = [numeral for column in columns for numeral in column.numerals]
    words = cache(lambda: _words(table, columns))
    return TableReading(
        columns=columns,
        shapes=frozenset(numeral.shape for numeral in numerals),
        spaces_group=any(n.shape.spaced for n in numerals) and spaces_repeat(numerals),
        leaning=cache(lambda: leaning(words())),
        east_asian=cache(lambda: _EAST_ASIAN.search(words()) is not None),
        evidence=sum((column.evidence for column in columns), Evidence()),
        day_order=date_rules(text for column in columns for text in column.dates).order,
    )


def _read_cell(cell: Cell) -> ReadCell:
    text = clean(cell.text)
    zeros = zeros_of(text)
    if not zeros:
        return ReadCell(cell.row, cell.col, text)
    if is_date_shape(zeros):
        return ReadCell(cell.row, cell.col, text, is_date=True)
    if is_time_shape(zeros):
        return ReadCell(cell.row, cell.col, text, is_time=True)
    return ReadCell(cell.row, cell.col, text, numeral=numeral_of(text, zeros))


def _column(header: str, cells: list[ReadCell], labelled: set[int]) -> ReadColumn:
    numerals = tuple([cell.numeral for cell in cells if cell.numeral])
    return ReadColumn(
        header=header,
        cells=tuple(cells),
        numerals=numerals,
        labelled=tuple([cell.row in labelled for cell in cells if cell.numeral]),
        dates=tuple([cell.text for cell in cells if cell.is_date]),
        times=tuple([cell.text for cell in cells if cell.is_time]),
        evidence=evidence(numerals),
    )


def _headers(table: Table) -> list[str]:
    names = [""] * table.cols
    for cell in table.cells:
        if cell.row < table.header_rows and cell.text.strip():
            for col in range(cell.col, cell.col + cell.col_span):
                names[col] = one_line(cell.text)
    return names


def _words(table: Table, columns: tuple[ReadColumn, ...]) -> str:
    """All text without the numbers, but with their currencies."""
    around = [table.title, *table.notes, *(c.text for c in table.cells if c.row < table.header_rows)]
    cells = (cell for column in columns for cell in column.cells)
    return " ".join([*around, *(c.numeral.shape.currency if c.numeral else c.text for c in cells)])
