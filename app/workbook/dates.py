"""Dates that can be read in one way alone, with the Excel format that shows them as they are written.

Two-digit years, times of day, months without a day and names in other languages than English stay text:
12:30 may be a time, a duration or a score, 03-04-05 anything, and Excel shows foreign names its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

_FULL_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTHS = {name[:size]: number for number, name in enumerate(_FULL_NAMES, 1) for size in (3, None)}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FIRST = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was; before it dates come out wrong."""

_NUMERIC = re.compile(r"(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<sep>[./-])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    r"(?P<time> (?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?",
    re.ASCII,
)
_DAY_NAME = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<gap>\.? |-)(?P<month>{_NAMES})(?P<gap2>\.?,? |-)(?P<year>\d{{4}})", re.ASCII
)
_NAME_DAY = re.compile(
    rf"(?P<month>{_NAMES})(?P<gap>\.? )(?P<day>\d{{1,2}})(?P<gap2>,? )(?P<year>\d{{4}})", re.ASCII
)
"""Names as Excel writes them: Jan or January, never JAN."""


class DayOrder(StrEnum):
    """What stands first in 01/02/2023."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date understood."""

    value: date | datetime
    number_format: str


def day_order(texts: Iterable[str]) -> DayOrder | None:
    """What stands first in a column's dates: known as soon as one has a number above 12, None when
    none has or they contradict one another. Dates with points always begin with the day."""
    orders: set[DayOrder] = set()
    for text in texts:
        found = _NUMERIC.fullmatch(text)
        if found is None or found["sep"] == ".":
            continue
        first, second = int(found["a"]), int(found["b"])
        if first > 12 >= second:
            orders.add(DayOrder.DAY)
        elif second > 12 >= first:
            orders.add(DayOrder.MONTH)
    return orders.pop() if len(orders) == 1 else None


def looks_like_date(text: str) -> bool:
    """Whether the text is built like a date, right or wrong."""
    return any(pattern.fullmatch(text) for pattern in (_NUMERIC, _YEAR_FIRST, _DAY_NAME, _NAME_DAY))


def read_date(text: str, order: DayOrder | None) -> DateReading | None:
    """The date that the text is, None when it is none or can be read in several ways."""
    for pattern, read in (
        (_NUMERIC, _numeric),
        (_YEAR_FIRST, _year_first),
        (_DAY_NAME, _named),
        (_NAME_DAY, _named),
    ):
        if found := pattern.fullmatch(text):
            return read(found, order)
    return None


def _numeric(found: re.Match[str], order: DayOrder | None) -> DateReading | None:
    first, second, year, sep = found["a"], found["b"], int(found["year"]), found["sep"]
    if sep == ".":
        order = DayOrder.DAY
    if order is None:
        return None
    day_first = order is DayOrder.DAY
    day, month = (first, second) if day_first else (second, first)
    codes = [_code("d", first), _code("m", second)] if day_first else [_code("m", first), _code("d", second)]
    return _reading(year, int(month), int(day), f"\\{sep}".join([*codes, "yyyy"]))


def _year_first(found: re.Match[str], _: DayOrder | None) -> DateReading | None:
    year, month, day, sep = found["year"], found["month"], found["day"], found["sep"]
    code = f"\\{sep}".join(["yyyy", _code("m", month), _code("d", day)])
    if not found["time"]:
        return _reading(int(year), int(month), int(day), code)
    seconds = ":ss" if found["second"] else ""
    clock = (int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    return _reading(int(year), int(month), int(day), f"{code} hh:mm{seconds}", clock)


def _named(found: re.Match[str], _: DayOrder | None) -> DateReading | None:
    name = found["month"]
    month_code = "mmm" if len(name) == 3 else "mmmm"
    day_code = _code("d", found["day"])
    gaps = [_literal(found["gap"]), _literal(found["gap2"])]
    parts = [day_code, month_code] if found.start("day") < found.start("month") else [month_code, day_code]
    code = f"[$-409]{parts[0]}{gaps[0]}{parts[1]}{gaps[1]}yyyy"
    return _reading(int(found["year"]), _MONTHS[name], int(found["day"]), code)


def _code(letter: str, digits: str) -> str:
    """One letter shows 3 and 12, two show 03 and 12."""
    return letter * 2 if digits.startswith("0") or len(digits) == 2 else letter


def _literal(text: str) -> str:
    return "".join(char if char == " " else f"\\{char}" for char in text)


def _reading(
    year: int, month: int, day: int, code: str, clock: tuple[int, int, int] | None = None
) -> DateReading | None:
    try:
        value = datetime(year, month, day, *clock) if clock else date(year, month, day)
    except ValueError:
        return None
    if date(year, month, day) < _FIRST:
        return None
    return DateReading(value, code)
