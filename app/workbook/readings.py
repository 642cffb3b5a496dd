"""Reading a numeral under a convention for the decimal separator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.workbook.numerals import APOSTROPHES, SPACES, Numeral

MOST_DIGITS = 15
"""Excel keeps 15 significant digits; a longer number would be changed."""


class Decimals(StrEnum):
    """Which character stands before the decimals."""

    POINT = "."
    COMMA = ","

    @property
    def grouping(self) -> str:
        """The characters that may stand between groups of digits."""
        other = "," if self is Decimals.POINT else "."
        return other + APOSTROPHES + SPACES


@dataclass(frozen=True, slots=True)
class Reading:
    """A numeral understood."""

    numeral: Numeral
    magnitude: Decimal
    """The digits as a number, without sign and not yet divided by 100 for a percentage."""
    group_lengths: tuple[int, ...]
    """Digits in each group of the whole part, left to right; one group: not grouped."""
    separator: str
    """Between the groups; empty when not grouped."""
    decimals: int
    """Digits behind the decimal separator."""

    @property
    def fits(self) -> bool:
        """Whether Excel keeps all digits."""
        return sum(self.group_lengths) + self.decimals <= MOST_DIGITS

    @property
    def value(self) -> Decimal:
        """The number."""
        scaled = self.magnitude / 100 if self.numeral.percent else self.magnitude
        return -scaled if self.numeral.negative else scaled


def read(numeral: Numeral, decimals: Decimals) -> Reading | None:
    """The numeral under a convention, None where its separators contradict it."""
    groups, separators = numeral.groups, numeral.separators
    if separators.count(decimals) > 1 or (decimals in separators and separators[-1] != decimals):
        return None
    fraction = ""
    if decimals in separators:
        fraction, groups, separators = groups[-1], groups[:-1], separators[:-1]
    if not _well_grouped(groups, separators, decimals):
        return None
    whole = "".join(groups)
    if len(whole) > 1 and whole.startswith("0"):
        return None
    return Reading(
        numeral,
        Decimal(f"{whole or 0}.{fraction or 0}"),
        tuple(map(len, groups)),
        separators[0] if separators else "",
        len(fraction),
    )


def _well_grouped(groups: tuple[str, ...], separators: tuple[str, ...], decimals: Decimals) -> bool:
    """Thousands, or lakh and crore (12,34,567), all with the same separator."""
    if not separators:
        return True
    if len(groups) != len(separators) + 1 or len(set(separators)) > 1:
        return False
    if separators[0] not in decimals.grouping or groups[0] == "0":
        return False
    first, *middle, last = map(len, groups)
    western = first <= 3 and last == 3 and all(length == 3 for length in middle)
    indian = separators[0] == "," and bool(middle) and first <= 2 and last == 3 and set(middle) == {2}
    return western or indian


def readable(numeral: Numeral) -> set[Decimals]:
    """The conventions under which the numeral can be read."""
    return {decimals for decimals in Decimals if read(numeral, decimals) is not None}


def depends_on_convention(numeral: Numeral) -> bool:
    """Whether a point or a comma stands in it."""
    return "." in numeral.core or "," in numeral.core
