"""The verdict, place and confidence of each cell of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.recognition.reconciling.cells import Match
from app.recognition.reconciling.columns import moves
from app.recognition.reconciling.compare import Comparison
from app.recognition.reconciling.seen import Seen
from app.recognition.reconciling.texts import Agreement, says_something
from app.recognition.reconciling.trust import Case, Trust
from app.tables.geometry import Box, hull
from app.tables.grid import Cell, Verdict

_CASES = {Agreement.SAME: Case.SAME, Agreement.CLOSE: Case.CLOSE, Agreement.OTHER: Case.OTHER}


def judged(comparison: Comparison, trust: Trust) -> list[Cell]:
    """The cells of the answer with verdicts, collapsed rows set right."""
    rows: list[list[Cell]] = [[] for _ in range(comparison.table.rows)]
    for cell in comparison.table.cells:
        rows[cell.row].append(cell)
    return [cell for row in rows for cell in _judged_row(comparison, row, trust)]


def _judged_row(comparison: Comparison, row: Sequence[Cell], trust: Trust) -> list[Cell]:
    matches = [comparison.matches[cell] for cell in row if cell in comparison.matches]
    whole = len(row) == comparison.table.cols  # otherwise cells span, across or from above
    shifted = moves(row, list(dict.fromkeys(matches)), comparison.columns) if whole else {}
    if not shifted:
        return [_judged(cell, comparison.matches.get(cell), trust) for cell in row]
    filled = [
        _moved(cell, shifted[cell], comparison.matches[cell], trust)
        if cell in shifted
        else _judged(cell, comparison.matches.get(cell), trust)
        for cell in row
        if cell.text
    ]
    taken = {cell.col for cell in filled}
    return filled + [
        _judged(Cell(row[0].row, col), None, trust) for col in range(len(row)) if col not in taken
    ]


def _judged(cell: Cell, match: Match | None, trust: Trust) -> Cell:
    if match is None:
        if not says_something(cell.text):
            return replace(cell, confidence=trust(Case.SIGN, 0.0))
        return replace(cell, confidence=trust(Case.UNSEEN, 0.0), verdict=Verdict.UNSUPPORTED)
    case = _CASES[match.agreement]
    seen = replace(cell, box=_box(match.seen), confidence=trust(case, match.confidence))
    if case is Case.OTHER:
        return replace(seen, verdict=Verdict.DIFFERING, alternatives=(match.seen_text,))
    return replace(seen, verdict=Verdict.AGREED)


def _moved(cell: Cell, col: int, match: Match, trust: Trust) -> Cell:
    sure = trust(Case.MOVED, match.confidence)
    return replace(cell, col=col, box=_box(match.seen), confidence=sure, verdict=Verdict.MOVED)


def _box(seen: Iterable[Seen]) -> Box | None:
    return hull(piece.box for piece in seen if piece.box is not None)
