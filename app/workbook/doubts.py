"""Why a text that looks like a number or a date stays text: said where it can be read in several ways."""

from __future__ import annotations

from datetime import date

from app.workbook.column_rules import ColumnRules
from app.workbook.columns import accepted
from app.workbook.dates import DateRules, DayOrder, read_date
from app.workbook.numerals import Numeral
from app.workbook.readings import read
from app.workbook.shapes import Decimals


def of_number(numeral: Numeral, rules: ColumnRules) -> str:
    """A sentence for a number that the column and the table leave open; empty for any other text."""
    if rules.decimals is not None or not numeral.is_ambiguous or not accepted(numeral.shape, rules.traits):
        return ""
    readings = [reading for decimals in Decimals if (reading := read(numeral, decimals))]
    return _sentence(*(f"{reading.value:f}" for reading in readings))


def of_date(text: str, rules: ColumnRules) -> str:
    """A sentence for a date that the column and the table leave open; empty for any other text."""
    if rules.dates.order is not None:
        return ""
    found = [read_date(text, DateRules(order, short_years=True)) for order in DayOrder]
    days = [reading.value for reading in found if reading]
    return _sentence(*map(_written, days)) if len(set(days)) > 1 else ""


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _sentence(first: str, second: str) -> str:
    return f"Kept as text: it may be {first} or {second}, and nothing around it tells."
