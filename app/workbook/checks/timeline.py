"""Dates that rise or fall down a column, but for one that a misread digit puts out of order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from app.tables.grid import Cell, Table
from app.tables.text import clean
from app.workbook.checks.amounts import Position
from app.workbook.checks.relation import Kind, Relation, Remedy
from app.workbook.dates import DateRules, date_rules, read_date
from app.workbook.values import Typed

_SHORTEST = 6
"""Dates in a column of which one may be out of order."""


def misplaced_dates(table: Table, typed: Typed) -> Iterator[tuple[Relation, list[str]]]:
    """For each column of dates in order the one that breaks it, with what it may have been instead: texts
    that differ in one digit, of dates that keep the order."""
    columns: dict[int, list[tuple[Cell, date]]] = {}
    for cell in table.cells:
        value = typed[cell.row, cell.col].value
        if cell.row >= table.header_rows and isinstance(value, date):
            columns.setdefault(cell.col, []).append((cell, _day(value)))
    for dated in columns.values():
        at = _misplaced([day for _, day in dated]) if len(dated) >= _SHORTEST else None
        if at is not None:
            rules = date_rules(clean(cell.text) for cell, _ in dated)
            relation = _relation([(cell.row, cell.col) for cell, _ in dated], [day for _, day in dated], at)
            texts = list(_originals(clean(dated[at][0].text), rules, relation.remedies[0]))
            if texts:
                yield relation, texts


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _misplaced(days: Sequence[date]) -> int | None:
    """The one without which the days rise or fall; None: they do so already, or it takes more."""
    for ordered in (days, [date.fromordinal(date.max.toordinal() - day.toordinal() + 1) for day in days]):
        breaks = [i for i, (a, b) in enumerate(itertools.pairwise(ordered)) if a > b]
        if not breaks:
            return None
        if len(breaks) <= 2:
            for at in dict.fromkeys(i + 1 for i in breaks) | dict.fromkeys(breaks):
                rest = [*ordered[:at], *ordered[at + 1 :]]
                if all(a <= b for a, b in itertools.pairwise(rest)) and rest[0] < rest[-1]:
                    return at
    return None


def _relation(places: Sequence[Position], days: Sequence[date], at: int) -> Relation:
    around = [i for i in (at - 1, at + 1) if 0 <= i < len(days)]
    falls = days[-1 if at < len(days) - 1 else -2] < days[0 if at else 1]
    numbers = sorted(Decimal(days[i].toordinal()) for i in around)
    least, most = numbers[0], numbers[-1]
    if len(around) == 1 and (at == 0) == falls:
        most = Decimal(date.max.toordinal())
    elif len(around) == 1:
        least = Decimal(1)
    return Relation(
        Kind.DATES,
        places[at],
        tuple(places[i] for i in around),
        Decimal(days[at].toordinal()),
        numbers[0],
        Decimal(0),
        (Remedy.between(places[at], least, most),),
    )


def _originals(text: str, rules: DateRules, remedy: Remedy) -> Iterator[str]:
    least, most = remedy.bounds
    for i, old in enumerate(text):
        for new in "0123456789" if old.isdecimal() else "":
            other = text[:i] + new + text[i + 1 :]
            reading = read_date(other, rules) if new != old else None
            if reading and least <= _day(reading.value).toordinal() <= most:
                yield other
