"""How sure a cell is by what the comparison found: shares of right cells, counted by `bench.verdicts`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from enum import StrEnum


class Case(StrEnum):
    """What the comparison found of a cell's text; finer than the verdict."""

    SAME = "same"
    CLOSE = "close"
    """The same numbers and words, letters misread."""
    OTHER = "other"
    """Something else stands there."""
    UNSEEN = "unseen"
    """No such text was seen."""
    MOVED = "moved"
    MISSING = "missing"
    """The answer lacks it."""
    SIGN = "sign"
    """Empty, or mere signs that the local engine saw nothing of."""


Trust = Callable[[Case, float], float]
"""0..1, that a cell is right, by its case and the local engine's confidence in what it read there."""

EDGES = (0.5, 0.8, 0.95)
"""Between the steps of the local engine's confidence."""
_SHARES = {
    Case.SAME: (0.99, 0.995, 0.998, 0.999),
    Case.CLOSE: (0.92, 0.92, 0.92, 0.92),
    Case.OTHER: (0.45, 0.45, 0.16, 0.02),
    Case.UNSEEN: (0.02, 0.02, 0.02, 0.02),
    Case.MOVED: (0.97, 0.97, 0.98, 0.99),
    Case.MISSING: (0.81, 0.81, 0.81, 0.81),
    Case.SIGN: (0.9, 0.9, 0.9, 0.9),
}
"""Of cells of answers in which three in a hundred were altered; see docs/adr/0015-olmocr-is-checked.md."""


def step(local: float) -> int:
    """The step of a confidence, 0..3."""
    return bisect_right(EDGES, local)


def fitted(case: Case, local: float) -> float:
    """The Trust that holds."""
    return _SHARES[case][step(local)]
