"""Typed values: which cells become numbers and dates, and how they look. In doubt a cell stays text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.tables.grid import Table
from app.tables.text import clean
from app.workbook.columns import ColumnTraits, ColumnView, accepted, column_traits
from app.workbook.conventions import Evidence, decide
from app.workbook.dates import DayOrder, day_order, read_date
from app.workbook.number_formats import number_format
from app.workbook.numerals import Numeral
from app.workbook.plan import CellValue
from app.workbook.readings import Decimals, depends_on_convention, read
from app.workbook.table_reading import ReadCell, TableReading, read_table

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
    places: int = 0
    """Digits behind the point of a number: 3 for 12.5 %, which is 0.125."""

    @property
    def is_text(self) -> bool:
        """Whether it is text or nothing."""
        return self.value is None or isinstance(self.value, str)


Typed = dict[tuple[int, int], TypedValue]
"""By (row, column) of the cells' top left corners."""


def type_tables(tables: Sequence[Table]) -> list[Typed]:
    """Types the tables of one image; what settles the decimal separator in one is a prior for the others."""
    readings = [read_table(table) for table in tables]
    total = sum((reading.evidence for reading in readings), Evidence())
    return [
        _header_texts(table) | _type_body(reading, total - reading.evidence)
        for table, reading in zip(tables, readings, strict=True)
    ]


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


def _header_texts(table: Table) -> Typed:
    return {
        (cell.row, cell.col): as_text(clean(cell.text))
        for cell in table.cells
        if cell.row < table.header_rows
    }


def _type_body(reading: TableReading, surroundings: Evidence) -> Typed:
    typed: Typed = {}
    for col, cells in enumerate(reading.columns):
        rules = _rules(reading, col, surroundings)
        typed |= {(cell.row, cell.col): _typed(cell, rules) for cell in cells}
    return typed


def _rules(reading: TableReading, col: int, surroundings: Evidence) -> _Rules:
    cells = [(cell, cell.numeral) for cell in reading.columns[col] if cell.numeral]
    column = [numeral for _, numeral in cells]
    decimals = decide(column, reading.evidence, surroundings, reading.words)
    view = ColumnView(
        reading.headers[col],
        column,
        [cell.row in reading.labelled_rows for cell, _ in cells],
        reading.numerals,
        decimals,
    )
    grouped = decimals is Decimals.POINT and any("," in numeral.core for numeral in column)
    order = day_order(cell.text for cell in reading.columns[col] if cell.is_date) or reading.day_order
    return _Rules(decimals, column_traits(view), order, grouped)


def _typed(cell: ReadCell, rules: _Rules) -> TypedValue:
    if cell.is_date and (found := read_date(cell.text, rules.order)):
        return TypedValue(found.value, found.number_format)
    return (_number(cell.numeral, rules) if cell.numeral else None) or as_text(cell.text)


def _number(numeral: Numeral, rules: _Rules) -> TypedValue | None:
    if not accepted(numeral, rules.traits) or (rules.decimals is None and depends_on_convention(numeral)):
        return None
    decimals = rules.decimals or Decimals.POINT
    reading = read(numeral, decimals)
    if reading is None or not reading.fits:
        return None
    look = number_format(reading, decimals, grouped=rules.grouped)
    whole = reading.value == reading.value.to_integral_value()
    return TypedValue(
        int(reading.value) if whole else float(reading.value),
        look.code,
        look.serves_one_value,
        reading.decimals + (2 if numeral.percent else 0),
    )
