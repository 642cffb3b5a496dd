"""The verdict, place and confidence of each cell of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.recognition.reconciling.cells import Match
from app.recognition.reconciling.columns import moves
from app.recognition.reconciling.compare import Comparison
from app.recognition.reconciling.seen import Seen
from app.recognition.reconciling.texts import Agreement, says_something
from app.tables.geometry import Box, hull
from app.tables.grid import Cell, Verdict

_AGREED = 0.99
_CLOSE = 0.95
"""Both read the same numbers and words, one of them misread letters."""
_MOVED = 0.85
_DIFFERING = 0.5
_UNSUPPORTED = 0.3
_UNCOMPARED = 0.9
"""Of empty cells and of mere signs, which the local engine often passes over."""
MISSING = 0.7
"""At most; of a text that one engine alone read."""


def judged(comparison: Comparison) -> list[Cell]:
    """The cells of the answer with verdicts, collapsed rows set right."""
    rows: list[list[Cell]] = [[] for _ in range(comparison.table.rows)]
    for cell in comparison.table.cells:
        rows[cell.row].append(cell)
    return [cell for row in rows for cell in _judged_row(comparison, row)]


def _judged_row(comparison: Comparison, row: Sequence[Cell]) -> list[Cell]:
    matches = [comparison.matches[cell] for cell in row if cell in comparison.matches]
    whole = len(row) == comparison.table.cols  # otherwise cells span, across or from above
    shifted = moves(row, list(dict.fromkeys(matches)), comparison.columns) if whole else {}
    if not shifted:
        return [_judged(cell, comparison.matches.get(cell)) for cell in row]
    filled = [
        _moved(cell, shifted[cell], comparison.matches[cell])
        if cell in shifted
        else _judged(cell, comparison.matches.get(cell))
        for cell in row
        if cell.text
    ]
    taken = {cell.col for cell in filled}
    return filled + [_judged(Cell(row[0].row, col), None) for col in range(len(row)) if col not in taken]


def _judged(cell: Cell, match: Match | None) -> Cell:
    if match is None:
        if not says_something(cell.text):
            return replace(cell, confidence=_UNCOMPARED)
        return replace(cell, confidence=_UNSUPPORTED, verdict=Verdict.UNSUPPORTED)
    box = _box(match.seen)
    if match.agreement is Agreement.OTHER:
        read = (match.seen_text,)
        return replace(cell, box=box, confidence=_DIFFERING, verdict=Verdict.DIFFERING, alternatives=read)
    sure = _AGREED if match.agreement is Agreement.SAME else _CLOSE
    return replace(cell, box=box, confidence=sure, verdict=Verdict.AGREED)


def _moved(cell: Cell, col: int, match: Match) -> Cell:
    return replace(cell, col=col, box=_box(match.seen), confidence=_MOVED, verdict=Verdict.MOVED)


def _box(seen: Iterable[Seen]) -> Box | None:
    return hull(piece.box for piece in seen if piece.box is not None)
