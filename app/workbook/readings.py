"""Reading a numeral under a convention for the decimal separator."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from app.workbook.numerals import Numeral
from app.workbook.shapes import MOST_DIGITS, Decimals, Layout

_POWERS = tuple(10**places for places in range(2 * MOST_DIGITS))


class Reading(NamedTuple):
    """A numeral understood."""

    numeral: Numeral
    layout: Layout

    @property
    def places(self) -> int:
        """Digits behind the point: 3 for 12.5 %, which is 0.125."""
        return self.layout.decimals + self.numeral.shape.scale

    @property
    def units(self) -> int:
        """The number in units of its last digit, with its sign."""
        units = int(self.numeral.digits)
        return -units if self.numeral.shape.negative else units

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.units).scaleb(-self.places)

    @property
    def number(self) -> int | float:
        """The number as a worksheet holds it: the nearest binary fraction."""
        units, places = self.units, self.places
        if not places:
            return units
        whole, rest = divmod(units, _POWERS[places])
        return units / _POWERS[places] if rest else whole


def read(numeral: Numeral, decimals: Decimals) -> Reading | None:
    """The numeral under a convention, None where its separators contradict it."""
    layout = numeral.layouts.get(decimals)
    return None if layout is None else Reading(numeral, layout)
