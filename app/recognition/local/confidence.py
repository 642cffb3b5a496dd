"""How far a cell can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.local.fill import FilledCell

_CLIPPED = 0.85
"""Factor for a cell with a word that reaches far over the cell's edge: it may belong elsewhere."""


def cell_confidence(cell: FilledCell, structure: float) -> float:
    """0..1: the doubt of the least certain word and the doubt about the grid, taken as independent.

    ``structure``: 0..1, how far independent readings of the region's structure agree.
    """
    return min((word.confidence for word in cell.words), default=1.0) * structure * _fit(cell)


def agreement(columns: int, rows: int, others: Sequence[tuple[int, int]]) -> float:
    """0..1 from the (rows, columns) that other hypotheses found: where independent readings agree on the
    column count they are right about 85 times in 100, else under half of the time."""
    if not others:
        return 0.9
    same_columns = any(cols == columns for _, cols in others)
    same_rows = any(found == rows for found, _ in others)
    return 0.7 + 0.2 * same_columns + 0.1 * same_rows


def _fit(cell: FilledCell) -> float:
    for word in cell.words:
        inside = word.box.overlap(cell.box)
        if inside < 0.6 * word.box.area:
            return _CLIPPED
    return 1.0
