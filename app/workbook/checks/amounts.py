"""The amounts of a table: the numbers that may add up, with the unit of their last digit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from app.tables.grid import Cell, Table
from app.workbook.numerals import parse_numeral
from app.workbook.placement import Position
from app.workbook.shapes import MOST_DIGITS
from app.workbook.values import Typed, TypedValue

_COLUMN = 2
"""Numbers that a column must have for its texts to be taken for misread ones."""
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(2 * MOST_DIGITS))
_POWERS = tuple(10**places for places in range(2 * MOST_DIGITS))
_UNITS = tuple(float(step) for step in _STEPS)


class Amount(NamedTuple):
    """A number as it stands in the image."""

    units: int
    """In units of its last digit."""
    places: int
    """Digits behind the point: 2 for 12.50, 3 for 12.5 %."""
    number: float
    """The value for rough sums."""
    unit: float
    """The step for rough sums."""

    @classmethod
    def of(cls, units: int, places: int) -> Amount:
        """The amount of so many units of its last digit."""
        return cls(units, places, units / 10**places, 10.0**-places)

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.units).scaleb(-self.places)

    @property
    def step(self) -> Decimal:
        """The unit of its last digit: 0.01 for 12.50, 0.001 for 12.5 %."""
        return _STEPS[self.places]

    @property
    def digits(self) -> int:
        """The number without sign and separators."""
        return abs(self.units)


Amounts = Mapping[Position, Amount]


def amounts_of(table: Table, typed: Typed) -> dict[Position, Amount]:
    """The numbers of the body, those of spanning cells left out. Among numbers, a text of the same build
    that typing refused (``03,145``) counts too: it may be a number misread, and so may all plain digits of a
    column that is text for the sake of one ``047``."""
    found: dict[Position, Amount] = {}
    places: list[Counter[int]] = [Counter() for _ in range(table.cols)]
    others: list[Cell] = []
    for cell in table.cells:
        if cell.row < table.header_rows or cell.row_span != 1 or cell.col_span != 1:
            continue
        if amount := _amount(typed[cell.row, cell.col]):
            found[cell.row, cell.col] = amount
            places[cell.col][amount.places] += 1
        elif cell.text:
            others.append(cell)
    padded = Counter(cell.col for cell in others if cell.text[:1] == "0" and cell.text[1:].isdecimal())
    for cell in others:
        known = places[cell.col]
        usual = known.most_common(1)[0][0] if known else 0
        is_likely = known.total() >= _COLUMN or (
            not known and cell.text.isdecimal() and padded[cell.col] <= 1
        )
        if is_likely and (amount := built_alike(typed[cell.row, cell.col].raw, usual)):
            found[cell.row, cell.col] = amount
    return found


def built_alike(text: str, places: int) -> Amount | None:
    """The number whose digits these are where its decimals are as many as the column's."""
    numeral = parse_numeral(text)
    if numeral is None or len(numeral.digits) > MOST_DIGITS:
        return None
    decimals = places - numeral.shape.scale
    if decimals < 0 or (decimals and numeral.shape.lengths[-1] != decimals):
        return None
    units = int(numeral.digits)
    return Amount.of(-units if numeral.negative else units, places)


def cell_at(table: Table) -> dict[Position, Cell]:
    """Cells by their top left corner."""
    return {(cell.row, cell.col): cell for cell in table.cells}


def _amount(typed: TypedValue) -> Amount | None:
    value, places = typed.value, typed.places
    if not isinstance(value, float | int):
        return None
    # exact: fifteen digits at most
    return Amount(round(value * _POWERS[places]), places, float(value), _UNITS[places])
