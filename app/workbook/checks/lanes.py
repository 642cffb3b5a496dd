"""One lane of a line that may add up others: its amount, its parts, and what they make."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from app.workbook.checks.amounts import Amount
from app.workbook.checks.axes import Line
from app.workbook.checks.misreadings import digit_explains, misread_from, surprise
from app.workbook.checks.relation import Kind

_NONE: Set[int] = frozenset()
_MOST = 6.0
"""One lane counts for no more."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane of a line beside the lines that it may add up. Counted in units of its finest last digit,
    times the number of parts for a mean."""

    index: int
    result: Amount
    items: tuple[tuple[int, Amount], ...]
    """Line number and amount."""
    kind: Kind
    places: int
    """Decimals of the units."""
    missing: int
    """Result less what the parts make."""
    width: float
    """By how much rounding may part them: three standard deviations of the sum of the rounding errors."""
    holds: bool = field(init=False)
    """Whether the parts make the result within rounding."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "holds", abs(self.missing) <= self.width)

    @property
    def is_exact(self) -> bool:
        """Whether the parts make the result to the last digit."""
        return not self.missing

    @property
    def expected(self) -> Decimal:
        """What the parts make."""
        return self.result.value - self._number(Decimal(self.missing))

    @property
    def tolerance(self) -> Decimal:
        """The width, as a number of the table."""
        return self._number(Decimal(round(1000 * self.width)).scaleb(-3))

    @property
    def weight(self) -> float:
        """Powers of ten against agreement by chance."""
        width = float(self.result.step + 2 * self.tolerance)
        return min(_MOST, math.log10(1 + abs(self.result.number) / width))

    @property
    def is_level(self) -> bool:
        """True for what may be a mean or a rate: it lies among the items instead of above them."""
        values = [amount.number for _, amount in self.items if amount.units]
        if self.holds or len(values) < 2 or min(values) < 0:
            return False
        return min(values) <= self.result.number <= max(values)

    @property
    def surprise(self) -> float:
        """Powers of ten against one exchanged digit explaining by chance why it does not hold."""
        return surprise(self.result, self.result.value - self.expected, self.tolerance)

    def chance_of_exactness(self) -> float:
        """That numbers rounded one by one add up to the last digit."""
        return math.erf(0.5 / math.sqrt((len(self.items) + 1) / 6))

    def _number(self, units: Decimal) -> Decimal:
        return units.scaleb(-self.places) / (len(self.items) if self.kind is Kind.MEAN else 1)


def lanes_of(line: Line, block: Sequence[Line], kind: Kind, without: Set[int] = _NONE) -> Iterator[Lane]:
    """The lanes in which the line has an amount and the block at least two, and nothing that is no number;
    but for those ``without``."""
    opaque = frozenset[int]().union(without, *(other.opaque for other in block))
    for index, result in enumerate(line.amounts):
        if result is None or index in opaque:
            continue
        items = [(other.index, amount) for other in block if (amount := other.amounts[index]) is not None]
        if len(items) >= 2:
            yield _lane(index, result, items, kind)


def _lane(index: int, result: Amount, items: Sequence[tuple[int, Amount]], kind: Kind) -> Lane:
    places = max(result.places, max([amount.places for _, amount in items]))
    units = [amount.units * 10 ** (places - amount.places) for _, amount in items]
    made = 2 * units[0] - sum(units) if kind is Kind.DIFFERENCE else sum(units)
    times = len(items) if kind is Kind.MEAN else 1
    steps = [10 ** (places - amount.places) for _, amount in items if amount.units]
    step = times * 10 ** (places - result.places)
    width = math.sqrt(0.75 * (step * step + sum([other * other for other in steps])))
    missing = times * result.units * 10 ** (places - result.places) - made
    return Lane(index, result, tuple(items), kind, places, missing, width)


def has_repair(lane: Lane, tolerance: Decimal) -> bool:
    """Whether one misread character explains why the lane does not hold."""
    return any(misread_from(amount, value, tolerance) is not None for _, amount, value in wanted(lane))


def has_exchanged_digit(lane: Lane) -> bool:
    """Whether one exchanged digit explains why the lane does not hold."""
    tolerance = lane.tolerance
    return any(digit_explains(amount, value, tolerance) for _, amount, value in wanted(lane))


def wanted(lane: Lane) -> Iterator[tuple[int | None, Amount, Decimal]]:
    """Each amount (None: the result's line) with the value that would mend the lane."""
    yield None, lane.result, lane.expected
    missing = lane.result.value - lane.expected
    for place, (line, amount) in enumerate(lane.items):
        share = -missing if lane.kind is Kind.DIFFERENCE and place else missing
        yield line, amount, amount.value + (share * len(lane.items) if lane.kind is Kind.MEAN else share)
