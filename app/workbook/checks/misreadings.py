"""Which other number may have been misread as this one: one digit, one sign or the place of the point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal

from app.workbook.checks.amounts import Amount


def misread_from(amount: Amount, value: Decimal, slack: Decimal) -> Decimal | None:
    """The number nearest to ``value``, no farther than ``slack``, that differs from the amount by one misread
    character; None: there is none."""
    fits = [number for number in likely_originals(amount) if abs(number - value) <= slack]
    return min(fits, key=lambda number: abs(number - value), default=None)


def likely_originals(amount: Amount) -> Iterator[Decimal]:
    """Numbers that one exchanged, lost or invented digit, a lost sign or point turn into the amount."""
    sign = -1 if amount.value < 0 else 1
    if amount.value:
        yield -amount.value
    for digits in _neighbours(str(amount.digits)):
        yield sign * int(digits) * amount.step
    for shift in (1, 2, 3):
        yield amount.value.scaleb(shift)
        yield amount.value.scaleb(-shift)


def _neighbours(digits: str) -> Iterator[str]:
    for i, old in enumerate(digits):
        yield from (digits[:i] + new + digits[i + 1 :] for new in "0123456789" if new != old)
        if len(digits) > 1:
            yield digits[:i] + digits[i + 1 :]
    for i in range(len(digits) + 1):
        yield from (digits[:i] + new + digits[i:] for new in "0123456789")


def surprise(amounts: Iterable[Amount], tolerance: Decimal) -> float:
    """Powers of ten against it being chance that one misread character explains a difference: exchanging one
    of d digits makes 18 d different differences."""
    given = [amount for amount in amounts if amount.value]
    if not given:
        return 0.0
    largest = max(given, key=lambda amount: abs(amount.value))
    step = min(amount.step for amount in given)
    places = len(str(int(abs(largest.value) / step)))
    reachable = 18 * places * float(1 + 2 * tolerance / step)
    return math.log10(max(1.0, 2 * 10.0**places / reachable))
