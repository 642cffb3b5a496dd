"""Typed values: which cells become numbers and dates, and how they look. In doubt a cell stays text."""

from __future__ import annotations

from collections.abc import Sequence

from app.tables.grid import Table
from app.tables.text import clean
from app.workbook import doubts
from app.workbook.column_rules import ColumnRules, column_rules
from app.workbook.conventions import Evidence
from app.workbook.dates import read_date
from app.workbook.numerals import Numeral
from app.workbook.readings import read
from app.workbook.shapes import Decimals
from app.workbook.table_reading import ReadCell, TableReading, read_table
from app.workbook.times import read_time
from app.workbook.typed_value import GENERAL, TEXT_FORMAT, Typed, TypedValue, as_text

__all__ = ["GENERAL", "TEXT_FORMAT", "Typed", "TypedValue", "as_text", "type_tables"]


def type_tables(tables: Sequence[Table]) -> list[Typed]:
    """Types the tables of one image; what settles the decimal separator in one is a prior for the others."""
    readings = [read_table(table) for table in tables]
    total = sum((reading.evidence for reading in readings), Evidence())
    return [
        _header_texts(table) | _type_body(reading, total - reading.evidence)
        for table, reading in zip(tables, readings, strict=True)
    ]


def _header_texts(table: Table) -> Typed:
    return {
        (cell.row, cell.col): as_text(clean(cell.text))
        for cell in table.cells
        if cell.row < table.header_rows
    }


def _type_body(reading: TableReading, surroundings: Evidence) -> Typed:
    typed: Typed = {}
    for column in reading.columns:
        rules = column_rules(column, reading, surroundings)
        values = [_typed(cell, rules) for cell in column.cells]
        explained = _explained(values)
        typed |= {(cell.row, cell.col): value for cell, value in zip(column.cells, explained, strict=True)}
    return typed


def _explained(values: list[TypedValue]) -> list[TypedValue]:
    """The same with the first cell's reason alone, when several of the column have one."""
    first = next((i for i, value in enumerate(values) if value.note), None)
    if first is None:
        return values
    return [value._replace(note="") if value.note and i > first else value for i, value in enumerate(values)]


def _typed(cell: ReadCell, rules: ColumnRules) -> TypedValue:
    found = None
    if cell.numeral:
        return _number(cell.numeral, rules) or as_text(cell.text, doubts.of_number(cell.numeral, rules))
    if cell.is_date:
        found = read_date(cell.text, rules.dates)
    elif cell.is_time:
        found = read_time(cell.text, of_day=rules.times_of_day)
    if found:
        return TypedValue(found.value, cell.text, found.number_format)
    return as_text(cell.text, doubts.of_date(cell.text, rules) if cell.is_date else "")


def _number(numeral: Numeral, rules: ColumnRules) -> TypedValue | None:
    if not rules.accepts(numeral.shape):
        return None
    decimals = rules.decimals or Decimals.POINT
    reading = read(numeral, decimals)
    if reading is None or not reading.layout.fits:
        return None
    look = rules.look(reading, decimals)
    return TypedValue(
        reading.number, numeral.raw, look.code, look.serves_one_value, reading.places, look.shared
    )
