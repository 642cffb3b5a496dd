"""How far a cell can be trusted. The factors are shares of right cells, measured on 14,000 cells of science
and of public offices, rounded."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.evidence import Word
from app.recognition.local.evidence import GridHypothesis
from app.recognition.local.fill import FilledCell

_RIVALLED = 0.75
"""The decoder held another reading likely."""
_JOINED = (1.0, 1.0, 0.82, 0.7)
"""By the number of words put together, the last one for more."""
_SPANNING = 0.93
_CLIPPED = 0.85
"""A word reaches far over the cell's edge: it may belong elsewhere."""
UNREAD_CONFIDENCE = 0.2
"""Of an empty cell with ink in it."""
_RULED = 0.99
_UNCHECKED = 0.93


def cell_confidence(cell: FilledCell, structure: float) -> float:
    """0..1: the doubts about the least certain word, about what was put together and about the grid, taken as
    independent. ``structure``: see `agreement`."""
    words = min((_word(word) for word in cell.words), default=1.0)
    joined = _JOINED[min(len(cell.words), len(_JOINED) - 1)]
    spanning = _SPANNING if cell.place.row_span * cell.place.col_span > 1 else 1.0
    return words * joined * spanning * structure * _fit(cell)


def agreement(grid: GridHypothesis, others: Sequence[GridHypothesis]) -> float:
    """0..1 from what independent readings of the region found; rulings that draw every cell need no other."""
    if grid.source == "rulings":
        return _RULED
    if not others:
        return _UNCHECKED
    same_columns = any(other.cols == grid.cols for other in others)
    same_rows = any(other.rows == grid.rows for other in others)
    return 0.95 if same_columns and same_rows else 0.86


def _word(word: Word) -> float:
    return word.confidence * (_RIVALLED if word.alternatives else 1.0)


def _fit(cell: FilledCell) -> float:
    for word in cell.words:
        inside = word.box.overlap(cell.box)
        if inside < 0.6 * word.box.area:
            return _CLIPPED
    return 1.0
