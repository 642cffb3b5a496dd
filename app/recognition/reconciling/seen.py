"""What the local engine saw on a page, in rows of pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.recognition.engine import FoundTable
from app.recognition.evidence import Word
from app.tables.geometry import Box

_MOST_RIVALS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A cell of the local engine's table, or a word outside of it."""

    text: str
    readings: tuple[str, ...]
    """The text first, then what else the engine held likely."""
    confidence: float
    """0..1, that text and place are right."""
    box: Box | None
    row: int = -1
    """In the local table; -1: outside."""
    col: int = -1
    col_span: int = 1


SeenRow = tuple[Seen, ...]
"""Left to right, without empty pieces."""


def rows_of(found: FoundTable, words: Sequence[Word]) -> list[SeenRow]:
    """The rows of a local table. ``words``: those of its page."""
    rows: list[list[Seen]] = [[] for _ in range(found.table.rows)]
    for cell in found.table.cells:
        if cell.text:
            held = [word for word in words if cell.box is not None and holds(cell.box, word.box)]
            rows[cell.row].append(
                Seen(
                    cell.text,
                    (cell.text, *_others(cell.text, cell.alternatives, cell.raw_text, held)),
                    1.0 if cell.confidence is None else cell.confidence,
                    cell.box,
                    cell.row,
                    cell.col,
                    cell.col_span,
                )
            )
    return [tuple(row) for row in rows]


def outside(words: Iterable[Word], tables: Sequence[FoundTable]) -> list[Seen]:
    """The words that no local table holds, in reading order of their lines."""
    boxes = [found.box for found in tables if found.box is not None]
    free = [word for word in words if not any(holds(box, word.box) for box in boxes)]
    return [
        Seen(
            word.text, (word.text, *_others(word.text, (), word.raw_text, [word])), word.confidence, word.box
        )
        for word in free
    ]


def lines_of(pieces: Iterable[Seen]) -> list[SeenRow]:
    """Pieces side by side as rows, top to bottom: what stands in for a grid where no table was found."""
    lines: list[list[Seen]] = []
    for piece in sorted((p for p in pieces if p.box), key=lambda p: _middle(p)[1]):
        line = lines[-1] if lines else []
        if line and piece.box and _middle(piece)[1] - _middle(line[-1])[1] < 0.5 * piece.box.height:
            line.append(piece)
        else:
            lines.append([piece])
    return [tuple(sorted(line, key=lambda p: _middle(p)[0])) for line in lines]


def holds(outer: Box, inner: Box) -> bool:
    """Whether the middle of ``inner`` lies in ``outer``."""
    x, y = inner.center
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def _middle(piece: Seen) -> tuple[float, float]:
    return piece.box.center if piece.box else (0.0, 0.0)


def _others(
    text: str, alternatives: Sequence[str], raw_text: str | None, words: Sequence[Word]
) -> Iterable[str]:
    yield from alternatives
    if raw_text:
        yield raw_text
    for word in words:
        if word.text in text:
            for other in (
                *word.alternatives,
                *(rival.applied(word.text) for rival in word.rivals[:_MOST_RIVALS]),
            ):
                yield text.replace(word.text, other, 1)
