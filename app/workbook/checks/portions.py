"""Columns of shares beside amounts: what each amount is of the column's total."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.workbook.checks.amounts import Amount, Position
from app.workbook.checks.relation import Kind, Relation, Remedy

_LEAST_ROWS = 3
_HELD = 0.75
"""Share of the rows that must agree."""
_ENOUGH = 5.0
"""Powers of ten against chance."""
_MOST = 3.0
"""One row counts for no more."""
_MOST_COLUMNS = 24
_MOST_TOTALS = 4
"""Of a column, the largest."""
_TRIED_FIRST = 6
"""Rows that decide whether the others are looked at."""

Column = Mapping[int, Amount]
"""Amounts by row."""


@dataclass(frozen=True, slots=True)
class _Whole:
    """What a column's amounts are shares of."""

    number: float
    slack: float
    terms: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """An amount and its share."""

    row: int
    amount: Amount
    share: Amount
    expected: float
    slack: float

    @property
    def holds(self) -> bool:
        return abs(self.expected - self.share.number) <= self.slack

    @property
    def weight(self) -> float:
        """Powers of ten against agreement by chance."""
        return min(_MOST, math.log10(1 + abs(self.share.number) / (2 * self.slack)))


def portions(columns: Sequence[Column], added: Iterable[Relation]) -> Iterator[Relation]:
    """The relation of each row of a column of shares. ``added``: the sums that were found; a column without
    one is its own whole."""
    results: dict[int, dict[int, Relation]] = {}
    for relation in added:
        if relation.kind is Kind.SUM and all(col == relation.result[1] for _, col in relation.terms):
            results.setdefault(relation.result[1], {})[relation.result[0]] = relation
    used = [col for col, column in enumerate(columns[:_MOST_COLUMNS]) if len(column) >= _LEAST_ROWS]
    wholes = {col: list(_wholes(col, columns[col], results.get(col, {}))) for col in used}
    for c in used:
        options = [
            (a, whole, rows)
            for a in used
            if a != c
            for whole in wholes[a]
            for rows in _fitting(columns[a], columns[c], whole)
        ]
        if options:
            a, whole, rows = max(options, key=lambda option: _weight(option[2]))
            yield from (_relation(a, c, whole, row) for row in rows)


def _wholes(col: int, column: Column, totals: Mapping[int, Relation]) -> Iterator[_Whole]:
    rows = (row for row in totals if row in column and column[row].number > 0)
    for row in sorted(rows, key=lambda row: -column[row].number)[:_MOST_TOTALS]:
        yield _Whole(column[row].number, column[row].unit / 2, ((row, col),))
    if not totals and all(amount.units >= 0 for amount in column.values()):
        total, rows = sum(amount.number for amount in column.values()), sorted(column)
        if total:
            slack = max(amount.unit for amount in column.values()) * math.sqrt(len(rows)) / 2
            yield _Whole(total, slack, tuple((row, col) for row in rows))


def _fitting(amounts: Column, shares: Column, whole: _Whole) -> Iterator[list[_Row]]:
    """The rows, where most of them agree, for shares in per cent and as fractions."""
    for scale in (100, 1):
        seen = 0
        for tried, row in enumerate(itertools.islice(_common(amounts, shares), _TRIED_FIRST), 1):
            seen += _row(row, amounts[row], shares[row], whole, scale).holds
            if 2 * seen < tried - 1:
                break
        else:
            rows = [_row(row, amounts[row], shares[row], whole, scale) for row in _common(amounts, shares)]
            held = [row for row in rows if row.holds]
            enough = len(held) >= max(_LEAST_ROWS, _HELD * len(rows))
            if enough and _weight(rows) > _ENOUGH:
                yield rows


def _common(amounts: Column, shares: Column) -> Iterator[int]:
    """The rows that tell."""
    return (row for row in shares if row in amounts and amounts[row].number and shares[row].number)


def _weight(rows: Sequence[_Row]) -> float:
    return sum(row.weight if row.holds else -1.0 for row in rows)


def _row(row: int, amount: Amount, share: Amount, whole: _Whole, scale: int) -> _Row:
    expected = scale * amount.number / whole.number
    off = amount.unit / 2 / abs(amount.number) + whole.slack / whole.number
    return _Row(row, amount, share, expected, share.unit * 0.51 + abs(expected) * off)


def _relation(a: int, c: int, whole: _Whole, row: _Row) -> Relation:
    expected = Decimal(repr(row.expected)).quantize(row.share.step / 10)
    slack = Decimal(repr(row.slack)).quantize(row.share.step / 100)
    own, other = (row.row, c), (row.row, a)
    wanted = row.amount.number * row.share.number / row.expected
    room = abs(wanted) * row.slack / abs(row.share.number) + row.amount.unit / 2
    remedies = (
        Remedy(own, Decimal(repr(row.expected)), slack),
        Remedy(other, Decimal(repr(wanted)), Decimal(repr(room))),
    )
    return Relation(
        Kind.PORTION,
        own,
        tuple(dict.fromkeys((other, *whole.terms))),
        row.share.value,
        expected,
        slack,
        () if row.holds else remedies,
    )
