"""Which ink of a text line belongs to which of its characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_LONE = 0.6
"""Cost of a character without a stroke or a stroke without a character, in usual distances of characters."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """Connected ink. Pixels of the line's image."""

    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center(self) -> float:
        """x of the middle."""
        return (self.x0 + self.x1) / 2


def strokes_of(ink: NDArray[np.bool_]) -> list[Stroke]:
    """Every connected stroke, left to right."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    found = [Stroke(x, x + w, y, y + h) for x, y, w, h, _ in stats[1:].tolist()]
    return sorted(found, key=lambda stroke: stroke.center)


def pairs(strokes: Sequence[Stroke], centers: Sequence[float]) -> dict[int, int]:
    """Stroke by character, in order, at the least distance all together: an alignment as of two sequences
    (Needleman, Wunsch 1970). ``centers``: ascending x of the characters."""
    gaps = np.diff(np.asarray(centers, np.float64))
    lone = _LONE * (float(np.median(gaps)) if len(gaps) else 1e9)
    cost = np.abs(np.subtract.outer(np.asarray(centers), np.asarray([stroke.center for stroke in strokes])))
    total = np.zeros((len(centers) + 1, len(strokes) + 1))
    total[:, 0] = lone * np.arange(len(centers) + 1)
    total[0] = lone * np.arange(len(strokes) + 1)
    for i in range(len(centers)):
        for j in range(len(strokes)):
            total[i + 1, j + 1] = min(
                total[i, j] + cost[i, j], total[i, j + 1] + lone, total[i + 1, j] + lone
            )
    return dict(_path(total, cost))


def _path(total: NDArray[np.float64], cost: NDArray[np.float64]) -> list[tuple[int, int]]:
    i, j = cost.shape
    found: list[tuple[int, int]] = []
    while i and j:
        if total[i, j] == total[i - 1, j - 1] + cost[i - 1, j - 1]:
            i, j = i - 1, j - 1
            found.append((i, j))
        elif total[i, j] - total[i - 1, j] > total[i, j] - total[i, j - 1]:
            i -= 1
        else:
            j -= 1
    return found
