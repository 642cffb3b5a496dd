"""How likely a text stands where it stands, were it the text of a cell."""

from __future__ import annotations

import math
from collections.abc import Iterable

LEAST = -4.0
"""Log density of a text that stands somewhere in its cell."""


def log_density(distances: Iterable[tuple[float, float]], spread: float) -> float:
    """Of a mixture of Laplace distributions: weight and distance to the place of each alignment.

    Distances and ``spread`` in one unit, of which the density is.
    """
    total = math.exp(LEAST)
    for weight, distance in distances:
        total += weight * math.exp(-abs(distance) / spread) / (2 * spread)
    return math.log(total)
