"""Text lines of similar width put together, so that the recognition network sees little padding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SIZES = (1, 4)
"""Lines of a batch: more are hardly faster, and the network prepares itself anew for each size and width."""
_FEW = 8
"""So few lines are read one by one: each thread has some."""
_MOST_COLUMNS = 3200
"""Columns of a batch, all its lines together: the answer takes 10 kB for each."""
_CALL = 40.0
"""What a batch costs by itself, in columns."""
_STEPS_A_WIDTH = 16
_LEAST_STEP = 16


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines that the network reads in one go."""

    indices: tuple[int, ...]
    width: int
    """Columns of each line, padding included."""

    @property
    def columns(self) -> int:
        """What the network has to look at."""
        return len(self.indices) * self.width


def batches(widths: Sequence[int], chosen: Iterable[int]) -> list[Batch]:
    """Every index of ``chosen`` into ``widths`` in one batch, those with the most columns first.

    The cheapest way to cut the lines, sorted by width, into batches, found by dynamic programming.
    """
    order = sorted(chosen, key=lambda index: widths[index])
    allowed = _SIZES if len(order) > _FEW else (1,)
    costs, starts = [0.0], [0]
    for end, index in enumerate(order, start=1):
        width = _rounded(widths[index])
        sizes = [n for n in allowed if n <= end and (n == 1 or n * width <= _MOST_COLUMNS)]
        cost, start = min((costs[end - n] + n * width + _CALL, end - n) for n in sizes)
        costs.append(cost)
        starts.append(start)
    found: list[Batch] = []
    end = len(order)
    while end:
        found.append(Batch(tuple(order[starts[end] : end]), _rounded(widths[order[end - 1]])))
        end = starts[end]
    return sorted(found, key=lambda batch: -batch.columns)


def _rounded(width: int) -> int:
    """Up to a multiple that keeps different widths few: the network prepares itself anew for each."""
    step = _LEAST_STEP
    while step * _STEPS_A_WIDTH < width:
        step *= 2
    return -(-width // step) * step
