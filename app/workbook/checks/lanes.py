"""One lane of a line that may add up others: its amount, its parts, and what they make."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.workbook.checks.amounts import Amount, Line
from app.workbook.checks.misreadings import misread_from
from app.workbook.checks.relation import Kind

_MOST = 6.0
"""One lane counts for no more."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane of a line beside the lines that it may add up."""

    index: int
    result: Amount
    items: tuple[tuple[int, Amount], ...]
    """Line number and amount."""
    expected: Decimal
    tolerance: Decimal

    @property
    def holds(self) -> bool:
        """Whether the parts make the result within rounding."""
        return abs(self.result.value - self.expected) <= self.tolerance

    @property
    def weight(self) -> float:
        """Powers of ten against agreement by chance."""
        width = float(self.result.step + 2 * self.tolerance)
        return min(_MOST, math.log10(1 + float(abs(self.result.value)) / width))


def lanes_of(line: Line, block: Sequence[Line], kind: Kind) -> tuple[Lane, ...]:
    """The lanes in which the line has an amount and the block at least two, and nothing that is no number."""
    found: list[Lane] = []
    for index, result in enumerate(line.amounts):
        items = [(other.index, amount) for other in block if (amount := other.amounts[index]) is not None]
        if result is None or len(items) < 2 or any(index in other.opaque for other in block):
            continue
        lane = _lane(index, result, items, kind)
        if not (kind is Kind.SUM and _is_level(lane)):
            found.append(lane)
    return tuple(found)


def _lane(index: int, result: Amount, items: Sequence[tuple[int, Amount]], kind: Kind) -> Lane:
    values = [amount.value for _, amount in items]
    coarsest = max(result.step, *(amount.step for _, amount in items))
    # numbers rounded one by one: three standard deviations of the sum of as many rounding errors
    rounded = coarsest * Decimal(math.sqrt((len(items) + 1) * 0.75)).quantize(Decimal("0.001"))
    expected = sum(values, Decimal(0))
    if kind is Kind.DIFFERENCE:
        expected = 2 * values[0] - expected
    if kind is Kind.MEAN:
        expected /= len(values)
    return Lane(index, result, tuple(items), expected, rounded)


def _is_level(lane: Lane) -> bool:
    """True for a mean or a rate: it lies among the items instead of above them."""
    values = [amount.value for _, amount in lane.items if amount.value]
    if lane.holds or len(values) < 2 or any(value < 0 for value in values):
        return False
    return min(values) <= lane.result.value <= max(values)


def has_repair(lane: Lane, kind: Kind, tolerance: Decimal) -> bool:
    """Whether one misread character explains why the lane does not hold."""
    return any(misread_from(amount, value, tolerance) is not None for _, amount, value in wanted(lane, kind))


def wanted(lane: Lane, kind: Kind) -> Iterator[tuple[int | None, Amount, Decimal]]:
    """Each amount (None: the result's line) with the value that would mend the lane."""
    yield None, lane.result, lane.expected
    missing = lane.result.value - lane.expected
    for place, (line, amount) in enumerate(lane.items):
        share = -missing if kind is Kind.DIFFERENCE and place else missing
        yield line, amount, amount.value + (share * len(lane.items) if kind is Kind.MEAN else share)
