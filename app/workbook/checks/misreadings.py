"""Which other number may have been misread as this one: one digit, one sign or the place of the point."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from app.workbook.checks.amounts import Amount

_DUST = 1e-6
"""Of a last digit, lost to binary fractions."""


def misread_from(amount: Amount, value: Decimal, slack: Decimal) -> Decimal | None:
    """The number nearest to ``value``, no farther than ``slack``, that differs from the amount by one misread
    character: a digit exchanged, lost or invented, a sign lost, a point lost or moved by up to three places;
    None: there is none."""
    wanted, room = _in_units(amount, value, slack)
    units = _nearest(_originals(amount, wanted), wanted, room)
    if units is not None:
        return Decimal(units).scaleb(-amount.places)
    moved = [amount.value.scaleb(shift) for shift in (-3, -2, -1, 1, 2, 3)] if amount.units else []
    fits = [number for number in moved if abs(number - value) <= slack]
    return min(fits, key=lambda number: abs(number - value), default=None)


def digit_explains(amount: Amount, value: Decimal, slack: Decimal) -> bool:
    """Whether one exchanged digit makes the amount of a number as near to ``value`` as ``slack``."""
    wanted, room = _in_units(amount, value, slack)
    sign = -1 if amount.units < 0 else 1
    return _nearest((sign * u for u in _exchanged(amount, sign * wanted)), wanted, room) is not None


def exchanged_within(amount: Amount, least: Decimal, most: Decimal) -> list[Decimal]:
    """All numbers within the bounds that one exchanged digit turns into the amount."""
    sign = -1 if amount.units < 0 else 1
    length = len(str(amount.digits))
    numbers = (
        Decimal(sign * (amount.digits + (new - amount.digits // 10**k % 10) * 10**k)).scaleb(-amount.places)
        for k in range(length)
        for new in range(1 if k == length - 1 > amount.places else 0, 10)
    )
    return [number for number in numbers if number != amount.value and least <= number <= most]


def surprise(amount: Amount, missing: Decimal, tolerance: Decimal) -> float:
    """Powers of ten against it being chance that one exchanged digit explains what is missing from an amount:
    differences no larger than that are reached from each lower place 18 times, with what rounding adds."""
    room = 2 * float(tolerance.scaleb(amount.places))
    most = abs(float(missing.scaleb(amount.places)))
    reached = sum(min(18 * (1 + room), 2 * most + room) for k in range(16) if 10**k <= most + 1)
    return math.log10(max(1.0, 2 * max(1, amount.digits) / max(1.0, reached)))


def _in_units(amount: Amount, value: Decimal, slack: Decimal) -> tuple[float, float]:
    return float(value.scaleb(amount.places)), float(slack.scaleb(amount.places)) + _DUST


def _nearest(numbers: Iterator[int], wanted: float, room: float) -> int | None:
    fits = [number for number in numbers if abs(number - wanted) <= room]
    return min(fits, key=lambda number: abs(number - wanted), default=None)


def _originals(amount: Amount, wanted: float) -> Iterator[int]:
    """The likeliest ones of each place, in units of the amount's last digit."""
    sign = -1 if amount.units < 0 else 1
    if amount.units:
        yield -amount.units
    for digits in (_exchanged(amount, sign * wanted), _lost(amount, sign * wanted), _invented(amount)):
        yield from (sign * number for number in digits)


def _exchanged(amount: Amount, wanted: float) -> Iterator[int]:
    """No number of several digits begins with 0, but for those below 1."""
    digits, length = amount.digits, len(str(amount.digits))
    for k in range(length):
        power = 10**k
        old = digits // power % 10
        least = 1 if k == length - 1 > amount.places else 0
        for new in _digits_near(old + (wanted - digits) / power, least):
            if new != old:
                yield digits + (new - old) * power


def _lost(amount: Amount, wanted: float) -> Iterator[int]:
    """With a digit more."""
    digits, length = amount.digits, len(str(amount.digits))
    for k in range(length + 1):
        power = 10**k
        high, low = divmod(digits, power)
        without = high * power * 10 + low
        for new in _digits_near((wanted - without) / power, 1 if k == length else 0):
            yield without + new * power


def _invented(amount: Amount) -> Iterator[int]:
    """With a digit less."""
    digits, length = amount.digits, len(str(amount.digits))
    if length > 1:
        yield from (digits // 10 ** (k + 1) * 10**k + digits % 10**k for k in range(length))


def _digits_near(number: float, least: int) -> Iterator[int]:
    """The digits next to a number on both sides."""
    below = math.floor(number)
    return (digit for digit in (below, below + 1) if least <= digit <= 9)
