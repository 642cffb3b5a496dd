"""The verdict, place and confidence of each cell of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.recognition.reconciling.cells import Match
from app.recognition.reconciling.columns import moves
from app.recognition.reconciling.compare import Comparison
from app.recognition.reconciling.seen import Seen
from app.recognition.reconciling.texts import Agreement, says_something
from app.tables.geometry import Box, hull
from app.tables.grid import Cell, Verdict

AGREED = 0.99
CLOSE = 0.95
DIFFERING = 0.5
UNSUPPORTED = 0.3
MISSING = 0.7
MOVED = 0.85
UNKNOWN = 0.9


def judged(comparison: Comparison) -> list[Cell]:
    """The cells of the answer, in the right columns."""
    cells: list[Cell] = []
    for row in range(comparison.table.rows):
        own = [cell for cell in comparison.table.cells if cell.row == row]
        shifted = (
            moves(own, comparison.matches_of(row), comparison.columns) if _is_plain(comparison, row) else {}
        )
        if not shifted:
            cells += [_judged(cell, comparison.matches.get(cell)) for cell in own]
            continue
        for cell in own:
            if cell in shifted:
                cells.append(_moved(cell, shifted[cell], comparison.matches[cell]))
            elif cell.text:
                cells.append(_judged(cell, comparison.matches.get(cell)))
        taken = {cell.col for cell in cells if cell.row == row}
        cells += [_judged(Cell(row, col), None) for col in range(len(own)) if col not in taken]
    return cells


def _is_plain(comparison: Comparison, row: int) -> bool:
    """Whether no cell from above reaches into the row."""
    return sum(cell.col_span for cell in comparison.table.cells if cell.row == row) == comparison.table.cols


def _judged(cell: Cell, match: Match | None) -> Cell:
    if not cell.text:
        return replace(cell, confidence=UNKNOWN, verdict=None)
    if match is None:
        if not says_something(cell.text):
            return replace(cell, confidence=UNKNOWN)
        return replace(cell, confidence=UNSUPPORTED, verdict=Verdict.UNSUPPORTED)
    box = _box(match.seen)
    if match.agreement is Agreement.OTHER:
        return replace(
            cell, box=box, confidence=DIFFERING, verdict=Verdict.DIFFERING, alternatives=(match.seen_text,)
        )
    sure = AGREED if match.agreement is Agreement.SAME else CLOSE
    return replace(cell, box=box, confidence=sure, verdict=Verdict.AGREED)


def _moved(cell: Cell, col: int, match: Match) -> Cell:
    return replace(cell, col=col, box=_box(match.seen), confidence=MOVED, verdict=Verdict.MOVED)


def _box(seen: Iterable[Seen]) -> Box | None:
    return hull(piece.box for piece in seen if piece.box is not None)
