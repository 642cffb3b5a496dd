"""Cells of an answer's row beside the pieces that were seen in its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.recognition.reconciling.seen import Seen
from app.recognition.reconciling.texts import Agreement, agreement, key, likeness
from app.tables.grid import Cell

_LEAST = 0.3
"""Likeness from which two texts may be one."""
_SAME_COLUMN = 0.4
"""What standing in the same column adds to it."""
_JOINING = 0.05
_MOST_PAIRS = 20_000
_STEPS = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1))

Columns = Mapping[int, int]
"""Column of the answer → column of the local table."""


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Cells of the answer and the pieces that show them; several on one side where the other joined them."""

    said: tuple[Cell, ...]
    seen: tuple[Seen, ...]
    agreement: Agreement

    @property
    def seen_text(self) -> str:
        """What was read there."""
        return " ".join(piece.text for piece in self.seen)

    @property
    def confidence(self) -> float:
        """Of the least certain piece."""
        return min((piece.confidence for piece in self.seen), default=0.0)


def match_cells(said: Sequence[Cell], seen: Sequence[Seen], columns: Columns) -> list[Match]:
    """The best matches, left to right; what has no partner is left out. None where the row is beyond any
    page."""
    if len(said) * len(seen) > _MOST_PAIRS:
        return []
    if [key(cell.text) for cell in said] == [key(piece.text) for piece in seen]:
        return [match_of((cell,), (piece,)) for cell, piece in zip(said, seen, strict=True)]
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(len(said) + 1):
        for j in range(len(seen) + 1):
            if i or j:
                best[i, j] = max(
                    (
                        (best[i - a, j - b][0] + _gain(said[i - a : i], seen[j - b : j], columns), (a, b))
                        for a, b in ((1, 0), (0, 1), *_STEPS)
                        if a <= i and b <= j
                    ),
                    key=lambda option: option[0],
                )
    return _traced(best, said, seen)


def match_of(said: Sequence[Cell], seen: Sequence[Seen]) -> Match:
    """These as a match."""
    text = " ".join(cell.text for cell in said)
    readings = seen[0].readings if len(seen) == 1 else (" ".join(piece.text for piece in seen),)
    return Match(tuple(said), tuple(seen), agreement(text, readings))


def _gain(said: Sequence[Cell], seen: Sequence[Seen], columns: Columns) -> float:
    if not said or not seen:
        return 0.0
    alike = likeness(key(" ".join(c.text for c in said)), key(" ".join(piece.text for piece in seen)))
    beside = any(columns.get(cell.col) == piece.col for cell in said for piece in seen if piece.col >= 0)
    joined = _JOINING * (len(said) + len(seen) - 2)
    return alike + (_SAME_COLUMN if beside else 0.0) - _LEAST - joined


def _traced(
    best: Mapping[tuple[int, int], tuple[float, tuple[int, int]]],
    said: Sequence[Cell],
    seen: Sequence[Seen],
) -> list[Match]:
    matches: list[Match] = []
    i, j = len(said), len(seen)
    while i and j:
        a, b = best[i, j][1]
        if a and b:
            matches.append(match_of(said[i - a : i], seen[j - b : j]))
        i, j = i - a, j - b
    return matches[::-1]
