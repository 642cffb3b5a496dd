"""What should hold between cells of a table, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.workbook.checks.amounts import Position


class Kind(StrEnum):
    """How the result follows from the terms."""

    SUM = "sum"
    DIFFERENCE = "difference"
    MEAN = "mean"
    PRODUCT = "product"
    SHARE = "share"
    """The first term as a share of the second one, in per cent or as a fraction."""
    CHANGE = "change"
    """The change from the first term to the second one, in per cent of the first."""
    BALANCE = "balance"
    """The line before plus and minus the movements."""
    HUNDRED = "adds up to 100"
    SEQUENCE = "sequence"
    PART = "of which"
    """A part of the term, no larger than it."""
    PORTION = "share of the total"
    """The first term as a share of the last one, which is a total or made up by all terms."""
    DATES = "dates in order"
    """A date between those before and after it; numbers are days."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A value with which the relation would hold, if it stood at this place."""

    position: Position
    value: Decimal
    slack: Decimal
    """The relation also holds with values this far from it."""
    is_range: bool = False
    """Whether no value within the slack is better than another."""

    @classmethod
    def between(cls, position: Position, least: Decimal, most: Decimal) -> Remedy:
        """Any value from ``least`` to ``most``."""
        return cls(position, (least + most) / 2, (most - least) / 2, is_range=True)

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the largest value that would do."""
        return self.value - self.slack, self.value + self.slack


@dataclass(frozen=True, slots=True)
class Relation:
    """One equation between cells."""

    kind: Kind
    result: Position
    terms: tuple[Position, ...]
    stated: Decimal
    """What stands at the result."""
    expected: Decimal
    """What the terms make."""
    tolerance: Decimal
    """By how much rounding may part them."""
    remedies: tuple[Remedy, ...] = ()
    """Where it does not hold: for each cell the value that would mend it."""

    @property
    def holds(self) -> bool:
        """Whether stated and expected agree within rounding."""
        above = self.stated - self.expected
        return above <= self.tolerance and (self.kind is Kind.PART or above >= -self.tolerance)
