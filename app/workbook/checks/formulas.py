"""Columns that follow from two others row by row: differences, products, shares, changes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.workbook.checks.amounts import Amount, Position
from app.workbook.checks.guesses import Row, near_kinds
from app.workbook.checks.misreadings import misread_from
from app.workbook.checks.relation import Kind, Relation, Remedy

_LEAST_ROWS = 3
_HELD = 0.75
"""Share of the rows in which a formula must hold to be meant."""
_ENOUGH = 6.0
"""Powers of ten against chance."""
_MOST = 4.0
"""One row counts for no more."""
_MOST_COLUMNS = 24
_TRIED_FIRST = 6
"""Rows that decide whether the others are looked at."""

Pair = Callable[[float, float], float | None]


def _ratio(a: float, b: float) -> float | None:
    return a / b if b else None


_FORMULAS: Mapping[Kind, tuple[Pair, Pair, Pair]] = {
    Kind.DIFFERENCE: (lambda a, b: a - b, lambda c, b: c + b, lambda c, a: a - c),
    Kind.PRODUCT: (lambda a, b: a * b, _ratio, _ratio),
    Kind.SHARE: (_ratio, lambda c, b: c * b, lambda c, a: _ratio(a, c)),
    Kind.CHANGE: (
        lambda a, b: None if not a else (b - a) / a,
        lambda c, b: _ratio(b, 1 + c),
        lambda c, a: a * (1 + c),
    ),
}
"""The result of a and b; a from result and b; b from result and a."""


@dataclass(frozen=True, slots=True)
class _Formula:
    """c = kind(a, b) × scale, by columns."""

    kind: Kind
    a: int
    b: int
    c: int
    scale: int
    """100 where a share is printed in per cent without the sign."""
    counted: bool = False
    """Whether whole numbers are counted, not rounded."""

    def expected(self, a: float, b: float) -> float | None:
        made = _FORMULAS[self.kind][0](a, b)
        return None if made is None else made * self.scale

    def slack(self, a: Amount, b: Amount, c: Amount) -> float:
        """By how much rounding of the three may part result and formula: propagated from half steps."""
        made = self.expected(a.number, b.number)
        if made is None:
            return 0.0
        wide = c.unit * 0.51
        half_a, half_b = (0.0 if self.counted and not x.places else x.unit / 2 for x in (a, b))
        for shifted in (
            self.expected(a.number + half_a, b.number),
            self.expected(a.number, b.number + half_b),
        ):
            wide += abs(shifted - made) if shifted is not None else 0.0
        return wide


def formulas(columns: Sequence[Mapping[int, Amount]]) -> list[Relation]:
    """Relations of every row under each formula that holds between three columns. ``columns``: amounts by
    row."""
    found: list[Relation] = []
    for formula, rows in _holding(columns[:_MOST_COLUMNS]):
        found += [_relation(formula, *row) for row in rows]
    return found


def _holding(columns: Sequence[Mapping[int, Amount]]) -> Iterator[tuple[_Formula, list[Row]]]:
    """At most one formula for each result column: the one that fits most rows."""
    used = [i for i, column in enumerate(columns) if len(column) >= _LEAST_ROWS]
    for c in used:
        best: tuple[float, _Formula, list[Row]] | None = None
        for a, b in itertools.permutations([i for i in used if i < c], 2):
            first = list(itertools.islice(_rows(columns, a, b, c), _TRIED_FIRST))
            likely = near_kinds(first, ordered=a < b)
            possible = _possible(a, b, c) if likely else ()
            formulas = [f for f in possible if (f.kind, f.scale) in likely and _may_hold(f, first)]
            rows = list(_rows(columns, a, b, c)) if formulas else []
            for formula in formulas:
                weight = _weight(formula, rows)
                if weight > _ENOUGH and (best is None or weight > best[0]):
                    best = (weight, formula, rows)
        if best is not None:
            yield best[1], best[2]


def _rows(columns: Sequence[Mapping[int, Amount]], a: int, b: int, c: int) -> Iterator[Row]:
    """The rows in which all three columns have an amount."""
    for row, amount in columns[c].items():
        if row in columns[a] and row in columns[b]:
            yield row, columns[a][row], columns[b][row], amount


def _possible(a: int, b: int, c: int) -> Iterator[_Formula]:
    """Column ``c`` stands behind the others."""
    yield _Formula(Kind.DIFFERENCE, a, b, c, 1)
    if a < b:
        yield _Formula(Kind.PRODUCT, a, b, c, 1)
        yield _Formula(Kind.PRODUCT, a, b, c, 1, counted=True)
        yield _Formula(Kind.CHANGE, a, b, c, 1)
        yield _Formula(Kind.CHANGE, a, b, c, 100)
    yield _Formula(Kind.SHARE, a, b, c, 1)
    yield _Formula(Kind.SHARE, a, b, c, 100)


def _may_hold(formula: _Formula, rows: Sequence[Row]) -> bool:
    """Whether it holds in half of the first rows that tell anything."""
    telling = [row for row in rows if row[1].number and row[2].number]
    needed = max(2, len(telling)) / 2
    for seen, row in enumerate(telling):
        needed -= _holds(formula, *row)
        if needed <= 0:
            return True
        if needed >= len(telling) - seen:
            return False
    return False


def _weight(formula: _Formula, rows: Sequence[Row]) -> float:
    """Powers of ten against chance, 0 where too few rows hold."""
    telling = [row for row in rows if row[1].number and row[2].number]
    held = [row for row in telling if _holds(formula, *row)]
    if len(held) < max(_LEAST_ROWS, _HELD * len(telling)):
        return 0.0
    return sum(_surprise(formula, *row) for row in held) - (len(telling) - len(held))


def _surprise(formula: _Formula, _: int, a: Amount, b: Amount, c: Amount) -> float:
    """Powers of ten against the row agreeing by chance."""
    share = abs(c.number) / (2 * formula.slack(a, b, c))
    return min(_MOST, math.log10(max(1.0, share)))


def _holds(formula: _Formula, row: int, a: Amount, b: Amount, c: Amount) -> bool:
    made = formula.expected(a.number, b.number)
    if made is None or abs(made - c.number) > abs(made):
        return False
    return abs(made - c.number) <= formula.slack(a, b, c)


def _relation(formula: _Formula, row: int, a: Amount, b: Amount, c: Amount) -> Relation:
    made = formula.expected(a.number, b.number)
    expected = c.value if made is None else Decimal(repr(made)).quantize(c.step / 10)
    slack = Decimal(repr(formula.slack(a, b, c))).quantize(c.step / 100)
    places: tuple[Position, Position] = (row, formula.a), (row, formula.b)
    broken = abs(expected - c.value) > slack
    return Relation(
        formula.kind,
        (row, formula.c),
        places,
        c.value,
        expected,
        slack,
        tuple(_remedies(formula, row, a, b, c)) if broken else (),
    )


def _remedies(formula: _Formula, row: int, a: Amount, b: Amount, c: Amount) -> Iterator[Remedy]:
    _, solve_a, solve_b = _FORMULAS[formula.kind]
    result = c.number / formula.scale
    wanted = (
        (formula.c, c, formula.expected(a.number, b.number)),
        (formula.a, a, solve_a(result, b.number)),
        (formula.b, b, solve_b(result, a.number)),
    )
    for col, amount, value in wanted:
        if value is not None and math.isfinite(value):
            slack = _slack_of(formula, amount, value, a, b, c)
            yield Remedy((row, col), Decimal(repr(value)), slack)


def _slack_of(formula: _Formula, amount: Amount, value: float, a: Amount, b: Amount, c: Amount) -> Decimal:
    """The relation's slack as a stretch of this amount's values."""
    if amount is c:
        return Decimal(repr(formula.slack(a, b, c)))
    relative = formula.slack(a, b, c) / max(abs(c.number), c.unit)
    return max(amount.step / 2, Decimal(repr(abs(value) * relative)))


def explained(relation: Relation, amounts: Mapping[Position, Amount]) -> bool:
    """Whether one misread character would mend the relation."""
    return any(
        misread_from(amounts[remedy.position], remedy.value, remedy.slack) is not None
        for remedy in relation.remedies
    )
