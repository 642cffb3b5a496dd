"""Which boundaries of a grid's positions are drawn as rulings."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.local.evidence import GridHypothesis, Ruling
from app.recognition.local.structure.unruled.columns import columns_of

_COVERED = 0.5
"""Share of a position's side that rulings must cover."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rulings by the grid's boundaries."""

    below: NDArray[np.bool_]
    """[row, column]: a ruling lies between the position and the one below it."""
    right: NDArray[np.bool_]
    """[row, column]: a ruling lies between the position and the one right of it."""
    under: tuple[tuple[tuple[int, int], ...], ...]
    """For each row the first and last column over each ruling below it that is shorter than the table."""


def drawn_on(grid: GridHypothesis, rulings: Sequence[Ruling], height: float) -> Drawn:
    """The rulings on the grid. ``height``: character height."""
    horizontal = [ruling for ruling in rulings if ruling.horizontal]
    vertical = [ruling for ruling in rulings if not ruling.horizontal]
    below = _covered(horizontal, grid.row_bounds, grid.col_bounds)
    right = _covered(vertical, grid.col_bounds, grid.row_bounds).T
    return Drawn(below, right, tuple(_under(grid, horizontal, row, height) for row in range(grid.rows)))


def _covered(
    rulings: Sequence[Ruling], bounds: Sequence[float], across: Sequence[float]
) -> NDArray[np.bool_]:
    """[i, j]: rulings lie on most of stretch ``j`` between bounds near ``i + 1``."""
    lows, highs = np.array(across[:-1]), np.array(across[1:])
    shares = np.zeros((len(bounds) - 1, len(lows)))
    middles = [(a + b) / 2 for a, b in itertools.pairwise(bounds)]
    for ruling in rulings:
        index = int(np.searchsorted(middles, ruling.at)) - 1
        if 0 <= index < len(bounds) - 2:
            shares[index] += np.clip(
                np.minimum(highs, ruling.end) - np.maximum(lows, ruling.start), 0, None
            ) / (highs - lows)
    return shares > _COVERED


def _under(
    grid: GridHypothesis, rulings: Sequence[Ruling], row: int, height: float
) -> tuple[tuple[int, int], ...]:
    if row + 1 >= grid.rows:
        return ()
    low = (grid.row_bounds[row] + grid.row_bounds[row + 1]) / 2
    high = (grid.row_bounds[row + 1] + grid.row_bounds[row + 2]) / 2
    width = grid.col_bounds[-1] - grid.col_bounds[0]
    return tuple(
        columns_of(ruling.start, ruling.end, grid.col_bounds, 1.5 * height)
        for ruling in rulings
        if low < ruling.at < high and ruling.length < 0.8 * width
    )
