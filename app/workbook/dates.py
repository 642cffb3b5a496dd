"""Dates that can be read in one way alone, with the Excel format that shows them as they are written.

Two digits of a year are read where the column tells the order and the century. A month alone stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from app.workbook.months import MONTHS, NAMES
from app.workbook.times import read_clock

_FIRST = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was; before it dates come out wrong."""
_THIS_CENTURY = range(40)
_LAST_CENTURY = range(60, 100)
"""Two digits of a year; between them nobody knows."""

_CLOCK = (
    r"(?P<end>\.?)"
    r"(?P<clock>(?P<gap3>[ T]|, )(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<second>:\d{2})?(?P<half> [AP]M)?)?"
)
_NUMERIC = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[./-]|\. )(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4}|\d\d)" + _CLOCK,
    re.ASCII,
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<sep>[./-]|\. )(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})" + _CLOCK,
    re.ASCII,
)
_CHARACTERS = re.compile(
    r"(?P<year>\d{4})(?P<y>年|년 ?)(?P<month>\d{1,2})(?P<m>月|월 ?)(?P<day>\d{1,2})(?P<d>日|일)", re.ASCII
)
_DAY_NAME = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<gap>er |\.? |-| de )(?P<month>{NAMES})"
    r"(?P<gap2>\.?,? |-| de )(?P<year>\d{4}|\d\d)",
    re.ASCII,
)
_NAME_DAY = re.compile(
    rf"(?P<month>{NAMES})(?P<gap>\.? )(?P<day>\d{{1,2}})(?P<gap2>,? )(?P<year>\d{{4}})", re.ASCII
)
_PATTERNS = (_NUMERIC, _YEAR_FIRST, _CHARACTERS, _DAY_NAME, _NAME_DAY)


class DayOrder(StrEnum):
    """What stands first in 01/02/2023."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date understood."""

    value: date | datetime
    number_format: str


@dataclass(frozen=True, slots=True)
class DateRules:
    """What the dates of a column tell about one another."""

    order: DayOrder | None
    """Known as soon as one date has a number above 12, None when none has or they contradict one another.
    Dates with points always begin with the day."""
    short_years: bool
    """Whether the last two digits are years for sure, of a century that is known."""


def date_rules(texts: Iterable[str], otherwise: DayOrder | None = None) -> DateRules:
    """Judges a column's dates. ``otherwise``: the order in the rest of the table."""
    orders: set[DayOrder] = set()
    firsts: set[str] = set()
    short: set[str] = set()
    for text in texts:
        if not (found := _NUMERIC.fullmatch(text)):
            continue
        if len(found["year"]) == 2:
            firsts.add(found["a"])
            short.add(found["year"])
        if found["sep"][0] != ".":
            orders |= _orders(int(found["a"]), int(found["b"]))
    order = orders.pop() if len(orders) == 1 else None if orders else otherwise
    return DateRules(order, _are_years(short, firsts))


def _orders(first: int, second: int) -> set[DayOrder]:
    """What a date tells."""
    if first > 12 >= second:
        return {DayOrder.DAY}
    return {DayOrder.MONTH} if second > 12 >= first else set()


def _are_years(last: set[str], first: set[str]) -> bool:
    """One is no day of a month, or few stand behind many first numbers; and all are of known centuries."""
    known = all(int(year) in _THIS_CENTURY or int(year) in _LAST_CENTURY for year in last)
    return known and (any(int(year) > 31 for year in last) or len(last) * 2 <= len(first))


@lru_cache(maxsize=1024)
def is_date_shape(zeros: str) -> bool:
    """Whether a text in which every digit stands as 0 is built like a date, right or wrong."""
    return any(pattern.fullmatch(zeros) for pattern in _PATTERNS)


def read_date(text: str, rules: DateRules) -> DateReading | None:
    """The date that the text is, None when it is none or can be read in several ways."""
    for pattern, read in (
        (_NUMERIC, _numeric),
        (_YEAR_FIRST, _year_first),
        (_CHARACTERS, _characters),
        (_DAY_NAME, _named),
        (_NAME_DAY, _named),
    ):
        if found := pattern.fullmatch(text):
            return read(found, rules)
    return None


def _numeric(found: re.Match[str], rules: DateRules) -> DateReading | None:
    first, second, sep = found["a"], found["b"], _literal(found["sep"])
    order = DayOrder.DAY if found["sep"][0] == "." else rules.order
    short = len(found["year"]) == 2
    if order is None or (short and not rules.short_years):
        return None
    codes = [_code("d", first), _code("m", second)]
    day, month = first, second
    if order is DayOrder.MONTH:
        codes, day, month = [_code("m", first), _code("d", second)], second, first
    code = sep.join([*codes, "yy" if short else "yyyy"]) + _literal(found["end"])
    return _reading(found, int(month), int(day), code)


def _year_first(found: re.Match[str], _: DateRules) -> DateReading | None:
    month, day = found["month"], found["day"]
    code = _literal(found["sep"]).join(["yyyy", _code("m", month), _code("d", day)]) + _literal(found["end"])
    return _reading(found, int(month), int(day), code)


def _characters(found: re.Match[str], _: DateRules) -> DateReading | None:
    month, day = found["month"], found["day"]
    parts = ["yyyy", found["y"], _code("m", month), found["m"], _code("d", day), found["d"]]
    code = "".join(f'"{part}"' if i % 2 else part for i, part in enumerate(parts))
    return _reading(found, int(month), int(day), code)


def _named(found: re.Match[str], _: DateRules) -> DateReading | None:
    month = MONTHS[found["month"]]
    day = _code("d", found["day"])
    name = "mmm" if month.short else "mmmm"
    parts = [day, name] if found.start("day") < found.start("month") else [name, day]
    year = "y" * len(found["year"])
    code = f"[$-{month.language}]{parts[0]}{_literal(found['gap'])}{parts[1]}{_literal(found['gap2'])}{year}"
    return _reading(found, month.number, int(found["day"]), code)


def _code(letter: str, digits: str) -> str:
    """One letter shows 3 and 12, two show 03 and 12."""
    return letter * 2 if digits.startswith("0") or len(digits) == 2 else letter


def _literal(text: str) -> str:
    return "".join(char if char == " " else f"\\{char}" for char in text)


def _year(digits: str) -> int | None:
    if len(digits) == 4:
        return int(digits)
    short = int(digits)
    return 2000 + short if short in _THIS_CENTURY else 1900 + short if short in _LAST_CENTURY else None


def _reading(found: re.Match[str], month: int, day: int, code: str) -> DateReading | None:
    year = _year(found["year"])
    if year is None:
        return None
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    if value < _FIRST:
        return None
    if not found.groupdict().get("clock"):
        return DateReading(value, code)
    clock = read_clock(found["hour"], found["minute"], (found["second"] or "")[1:], found["half"] or "")
    if clock is None:
        return None
    gap = _literal(found["gap3"])
    return DateReading(datetime.combine(value, clock.value), f"{code}{gap}{clock.number_format}")
