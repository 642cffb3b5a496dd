"""Connected pieces of a mask that is nearly empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Component:
    """Pieces that touch one another, corners included."""

    x: int
    y: int
    width: int
    height: int
    area: int
    """Pixels."""
    middle: float
    """Mean row of its pixels."""


def components(mask: NDArray[np.uint8]) -> Iterator[Component]:
    """Those of a mask (0 or more, height × width). Only rows that have any are looked at, and one empty row
    behind each of their groups, which keeps them apart."""
    inked = np.flatnonzero(np.asarray(cv2.reduce(mask, 1, cv2.REDUCE_MAX)))
    if not len(inked):
        return
    kept = np.union1d(inked, np.minimum(inked + 1, len(mask) - 1))
    _, _, stats, centers = cv2.connectedComponentsWithStats(mask[kept], connectivity=8)
    for (x, y, width, height, area), center in zip(stats[1:].tolist(), centers[1:].tolist(), strict=True):
        yield Component(x, int(kept[y]), width, height, area, center[1] + float(kept[y] - y))
