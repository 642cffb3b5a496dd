"""Whether the numbers of a table were rounded one by one, or add up to the last digit."""

from __future__ import annotations

import math
from collections.abc import Iterable

from app.workbook.checks.lanes import Lane
from app.workbook.checks.relation import Kind

_MOST_OFF = 2
"""Sums that one misread cell takes part in."""
_SURE = 1.5
"""Powers of ten against rounded numbers that add up exactly in all lanes but those few."""


def adds_up_exactly(lanes: Iterable[Lane]) -> bool:
    """True where rounded numbers would hardly show so many exact sums, so that even a sum that is off by
    no more than rounding must be wrong. ``lanes``: those that hold."""
    tried = [lane for lane in lanes if lane.kind is not Kind.MEAN]
    off = sum(not lane.is_exact for lane in tried)
    if off > _MOST_OFF:
        return False
    chance = sum(math.log10(lane.chance_of_exactness()) for lane in tried if lane.is_exact)
    return -chance - math.log10(math.comb(len(tried), off)) >= _SURE * max(1, off)
