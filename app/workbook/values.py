"""Typed values: which cells become numbers and dates, and how they look. In doubt a cell stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.tables.grid import Cell, Table
from app.tables.text import clean, one_line
from app.workbook.columns import ColumnTraits, ColumnView, accepted, column_traits
from app.workbook.conventions import Evidence, decide, evidence
from app.workbook.dates import DayOrder, day_order, looks_like_date, read_date
from app.workbook.number_formats import number_format
from app.workbook.numerals import Numeral, parse_numeral
from app.workbook.plan import CellValue
from app.workbook.readings import Decimals, depends_on_convention, read

TEXT_FORMAT = "@"
"""Keeps a text a text when it is typed again: Excel would take 007 for 7 and =A1 for a formula."""
GENERAL = "General"
LONGEST_TEXT = 32_767
"""UTF-16 units in a cell."""


@dataclass(frozen=True, slots=True)
class TypedValue:
    """What stands in a worksheet's cell."""

    value: CellValue
    number_format: str = GENERAL
    serves_one_value: bool = False
    """Whether the number format is tied to this very value."""

    @property
    def is_text(self) -> bool:
        """Whether it is text or nothing."""
        return self.value is None or isinstance(self.value, str)


Typed = dict[tuple[int, int], TypedValue]
"""By (row, column) of the cells' top left corners."""


def type_tables(tables: Sequence[Table]) -> list[Typed]:
    """Types the tables of one image; what settles the decimal separator in one is a prior for the others."""
    counts = [evidence(_numerals(_body(table))) for table in tables]
    total = sum(counts, Evidence())
    return [_type_table(table, own, total - own) for table, own in zip(tables, counts, strict=True)]


def as_text(text: str) -> TypedValue:
    """The text as it is, cut at Excel's limit; empty text is no value."""
    if not text:
        return TypedValue(None)
    if 2 * len(text) > LONGEST_TEXT:
        text = text.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
    risky = text[0] in "=+-@'" or any(char.isdigit() for char in text)
    return TypedValue(text, TEXT_FORMAT if risky else GENERAL)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What was decided for a column."""

    decimals: Decimals | None
    traits: ColumnTraits
    order: DayOrder | None
    grouped: bool
    """Whether the column groups thousands with commas."""


def _type_table(table: Table, own: Evidence, surroundings: Evidence) -> Typed:
    body = _body(table)
    typed = {(cell.row, cell.col): as_text(clean(cell.text)) for cell in table.cells}
    for col in range(table.cols):
        cells = [cell for cell in body if cell.col == col]
        rules = _rules(table, col, cells, own, surroundings)
        typed |= {(cell.row, cell.col): _typed(clean(cell.text), rules) for cell in cells}
    return typed


def _rules(table: Table, col: int, cells: Sequence[Cell], own: Evidence, surroundings: Evidence) -> _Rules:
    parsed = [(cell, numeral) for cell in cells if (numeral := _numeral(cell))]
    column = [numeral for _, numeral in parsed]
    labels = {cell.row for cell in _body(table) if cell.col == 0 and cell.text.strip()}
    decimals = decide(column, own, surroundings, _words(table))
    order = day_order(clean(cell.text) for cell in cells) or day_order(clean(c.text) for c in _body(table))
    labelled = [cell.row in labels for cell, _ in parsed]
    view = ColumnView(_header(table, col), column, labelled, _numerals(_body(table)), decimals)
    grouped = decimals is Decimals.POINT and any("," in numeral.core for numeral in column)
    return _Rules(decimals, column_traits(view), order, grouped)


def _typed(text: str, rules: _Rules) -> TypedValue:
    if looks_like_date(text):
        found = read_date(text, rules.order)
        return TypedValue(found.value, found.number_format) if found else as_text(text)
    numeral = parse_numeral(text)
    return (_number(numeral, rules) if numeral else None) or as_text(text)


def _number(numeral: Numeral, rules: _Rules) -> TypedValue | None:
    if not accepted(numeral, rules.traits) or (rules.decimals is None and depends_on_convention(numeral)):
        return None
    decimals = rules.decimals or Decimals.POINT
    reading = read(numeral, decimals)
    if reading is None or not reading.fits:
        return None
    look = number_format(reading, decimals, grouped=rules.grouped)
    whole = reading.value == reading.value.to_integral_value()
    return TypedValue(int(reading.value) if whole else float(reading.value), look.code, look.serves_one_value)


def _body(table: Table) -> list[Cell]:
    return [cell for cell in table.cells if cell.row >= table.header_rows]


def _numerals(cells: Iterable[Cell]) -> list[Numeral]:
    return [numeral for cell in cells if (numeral := _numeral(cell))]


def _numeral(cell: Cell) -> Numeral | None:
    """The cell's numeral; dates such as 12.03.2023 are made of digits too and say nothing about numbers."""
    text = clean(cell.text)
    return None if looks_like_date(text) else parse_numeral(text)


def _words(table: Table) -> str:
    """The table's text without its numbers."""
    texts = [table.title, *table.notes, *(cell.text for cell in table.cells)]
    return " ".join(text for text in texts if parse_numeral(clean(text)) is None)


def _header(table: Table, col: int) -> str:
    """The text that names the column: the lowest header cell above it."""
    above = [
        cell
        for cell in table.cells
        if cell.row < table.header_rows and cell.col <= col < cell.col + cell.col_span and cell.text.strip()
    ]
    return one_line(above[-1].text) if above else ""
