"""Columns read downwards: numbers that count on, shares that add up to 100, running balances."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from app.workbook.checks.amounts import Amount, Position
from app.workbook.checks.misreadings import misread_from
from app.workbook.checks.relation import Kind, Relation, Remedy

_SHORTEST = 5
_REGULAR = 0.7
"""Share of the steps that must be alike."""
_BALANCED = 0.75
_TRIED_FIRST = 8
"""Lines that decide whether the others are looked at."""
_HUNDREDS = (Decimal(100), Decimal(1))

Column = Mapping[int, Amount]
"""Amounts by row."""


def sequences(columns: Sequence[Column]) -> Iterator[Relation]:
    """Indices and years that rise or fall by the same step: each number beside the two around it."""
    for col, column in enumerate(columns):
        rows = sorted(column)
        numbers = [column[row].number for row in rows]
        if len(rows) < _SHORTEST or not all(number.is_integer() for number in numbers):
            continue
        steps = Counter(b - a for a, b in itertools.pairwise(numbers))
        usual, times = steps.most_common(1)[0]
        if usual == 0 or abs(usual) > 10 or times < _REGULAR * steps.total():
            continue
        yield from _links(col, rows, [column[row].value for row in rows], Decimal(int(usual)))


def _links(col: int, rows: Sequence[int], values: Sequence[Decimal], step: Decimal) -> Iterator[Relation]:
    """A number is wrong where both its neighbours' distance is two steps and it does not lie between them."""
    for i in range(1, len(rows) - 1):
        before, value, after = values[i - 1 : i + 2]
        if after - before == 2 * step:
            place, expected = (rows[i], col), before + step
            remedies = () if value == expected else (Remedy(place, expected, Decimal(0)),)
            around = ((rows[i - 1], col), (rows[i + 1], col))
            yield Relation(Kind.SEQUENCE, place, around, value, expected, Decimal(0), remedies)


def hundreds(lines: Mapping[int, Mapping[Position, Amount]]) -> list[Relation]:
    """Columns or rows of shares without a total that add up to 100 (or 1, for per cent signs); one that does
    not is told where more do. ``lines``: the amounts of each."""
    found: list[Relation] = []
    for line in lines.values():
        if len(line) < 3 or any(amount.number < 0 for amount in line.values()):
            continue
        relation = _hundred(line)
        if relation is not None:
            found.append(relation)
    holds = [relation for relation in found if relation.holds]
    return found if len(holds) > len(found) - len(holds) else holds


def _hundred(column: Mapping[Position, Amount]) -> Relation | None:
    rough = sum(amount.number for amount in column.values())
    if rough > 2 * max(_HUNDREDS):
        return None
    total = sum((amount.value for amount in column.values()), Decimal(0))
    step = max(amount.step for amount in column.values())
    whole = min(_HUNDREDS, key=lambda hundred: abs(total - hundred))
    tolerance = step * len(column) / 2
    if step >= whole / 5 or abs(total - whole) > max(tolerance, whole / 4):
        return None
    places = tuple(sorted(column))
    broken = abs(total - whole) > tolerance
    remedies = [
        Remedy(place, column[place].value + whole - total, tolerance)
        for place in places
        if misread_from(column[place], column[place].value + whole - total, tolerance) is not None
    ]
    if broken and not remedies:
        return None
    return Relation(
        Kind.HUNDRED, places[-1], places, total, whole, tolerance, tuple(remedies) if broken else ()
    )


def balances(columns: Sequence[Column]) -> Iterator[Relation]:
    """Running balances: each line is the one above plus or minus what moved, in one column or in two that
    are never filled in the same line."""
    filled = [col for col, column in enumerate(columns) if column]
    apart = [(a, b) for a, b in itertools.permutations(filled, 2) if columns[a].keys().isdisjoint(columns[b])]
    for col in filled:
        plans = [(i, None) for i in filled if i != col] + [plan for plan in apart if col not in plan]
        for plus, minus in plans:
            if not _may_balance(columns, col, plus, minus):
                continue
            relations = list(_balance(columns, col, plus, minus))
            held = sum(relation.holds for relation in relations)
            if held >= 4 and held >= _BALANCED * len(relations):
                yield from relations
                break


def _may_balance(columns: Sequence[Column], col: int, plus: int, minus: int | None) -> bool:
    """Whether the first lines do in half of the cases, roughly."""
    column, moves = columns[col], ((plus, 1), (minus, -1))
    tried = held = 0
    for above, row in itertools.pairwise(sorted(column)):
        moved = [sign * columns[i][row].number for i, sign in moves if i is not None and row in columns[i]]
        if any(moved):
            change = column[row].number - column[above].number - sum(moved)
            tried, held = tried + 1, held + (abs(change) < column[row].unit / 2)
            if tried == _TRIED_FIRST:
                break
    return 2 * held >= max(3, tried)


def _balance(columns: Sequence[Column], col: int, plus: int, minus: int | None) -> Iterator[Relation]:
    column = columns[col]
    zero = Decimal(0)
    for above, row in itertools.pairwise(sorted(column)):
        moved = [(plus, 1)] if minus is None else [(plus, 1), (minus, -1)]
        terms = [(i, sign, columns[i][row].value) for i, sign in moved if row in columns[i]]
        if not terms or all(value == 0 for _, _, value in terms):
            continue
        change = sum((sign * value for _, sign, value in terms), zero)
        stated, expected = column[row].value, column[above].value + change
        missing = stated - expected
        places = ((above, col), *((row, i) for i, _, _ in terms))
        remedies = (
            Remedy((row, col), expected, zero),
            Remedy((above, col), column[above].value + missing, zero),
            *(Remedy((row, i), value + sign * missing, zero) for i, sign, value in terms),
        )
        yield Relation(Kind.BALANCE, (row, col), places, stated, expected, zero, remedies if missing else ())
