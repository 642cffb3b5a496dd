"""Grids from rulings: levels of parallel rulings → elementary cells → union where a ruling is missing.

The walk from edges over intersections to cells follows pdfplumber's ``table.py``; here a missing edge makes a
spanning cell instead of ending the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.evidence import Ruling, Word
from app.recognition.local.evidence import GridHypothesis, Span
from app.recognition.local.structure.spans import Blocks
from app.tables.geometry import Box

_SAME_LEVEL = 0.45
"""In character heights; a double ruling is one level."""
_THIN_ROW = 0.75
_THIN_COLUMN = 1.2
"""A band without words and thinner than this, in character heights, is the inside of a double ruling."""
_COVERED = 0.5
"""Share of an elementary edge that rulings must cover."""


@dataclass(frozen=True, slots=True)
class Level:
    """Parallel rulings at one place."""

    at: float
    rulings: tuple[Ruling, ...]
    """Empty for a boundary that no ruling marks."""

    def covers(self, start: float, end: float) -> bool:
        """True where rulings lie on most of ``start`` to ``end``."""
        pieces = sorted((max(r.start, start), min(r.end, end)) for r in self.rulings)
        covered, reached = 0.0, start
        for low, high in pieces:
            covered += max(0.0, high - max(low, reached))
            reached = max(reached, high)
        return covered >= _COVERED * (end - start)


def ruled_hypothesis(
    words: Sequence[Word], box: Box, rulings: Sequence[Ruling], height: float
) -> GridHypothesis | None:
    """The grid that the rulings in ``box`` draw; None where they draw fewer than two cells.

    ``height``: character height, in pixels.
    """
    inside = [ruling for ruling in rulings if touches(ruling, box, height)]
    rows = levels([r for r in inside if r.horizontal], height)
    cols = levels([r for r in inside if not r.horizontal], height)
    if not rows or not cols:
        return None
    spread = [word.box for word in words] or [box]
    rows = _closed(rows, [(b.y0, b.y1) for b in spread], _THIN_ROW * height)
    cols = _closed(cols, [(b.x0, b.x1) for b in spread], _THIN_COLUMN * height)
    if (len(rows) - 1) * (len(cols) - 1) < 2:
        return None
    return GridHypothesis(
        row_bounds=tuple(level.at for level in rows),
        col_bounds=tuple(level.at for level in cols),
        spans=spans_of(rows, cols, words),
        source="rulings",
    )


def touches(ruling: Ruling, box: Box, height: float) -> bool:
    """True for a ruling that runs through the box or along its edge (within a character height)."""
    low, high, start, end = (
        (box.y0, box.y1, box.x0, box.x1) if ruling.horizontal else (box.x0, box.x1, box.y0, box.y1)
    )
    return low - height <= ruling.at <= high + height and ruling.start < end and ruling.end > start


def levels(rulings: Sequence[Ruling], height: float) -> list[Level]:
    """Parallel rulings grouped by place, ascending."""
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings, key=lambda r: r.at):
        if groups and ruling.at - _place(groups[-1]) <= _SAME_LEVEL * height:
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    return [Level(_place(group), tuple(group)) for group in groups]


def spans_of(rows: Sequence[Level], cols: Sequence[Level], words: Sequence[Word]) -> tuple[Span, ...]:
    """Spanning cells: neighbours without a ruling between them, united until each union is a rectangle.

    Beyond the outermost rulings a boundary counts as drawn unless a word lies across it.
    """
    blocks = Blocks(len(rows) - 1, len(cols) - 1)
    down = [(word.box.y0, word.box.y1, word.box.x0, word.box.x1) for word in words]
    across = [(x0, x1, y0, y1) for y0, y1, x0, x1 in down]
    for row in range(len(rows) - 1):
        for col in range(len(cols) - 1):
            if row and not _is_drawn(rows[row], cols[col], cols[col + 1], down):
                blocks.unite((row - 1, col), (row, col))
            if col and not _is_drawn(cols[col], rows[row], rows[row + 1], across):
                blocks.unite((row, col - 1), (row, col))
    return blocks.spans()


def _is_drawn(
    level: Level, start: Level, end: Level, extents: Sequence[tuple[float, float, float, float]]
) -> bool:
    """``extents``: of each word the ends against the level's direction, then along it."""
    if level.covers(start.at, end.at):
        return True
    if start.rulings and end.rulings:
        return False
    return not any(
        low < level.at < high and start.at < (near + far) / 2 < end.at for low, high, near, far in extents
    )


def _place(group: Sequence[Ruling]) -> float:
    total = sum(ruling.length for ruling in group)
    return sum(ruling.at * ruling.length for ruling in group) / max(1e-6, total)


def _closed(found: list[Level], extents: Sequence[tuple[float, float]], thin: float) -> list[Level]:
    """The levels and a boundary around words outside the outermost ones; thin empty bands dropped."""
    result = _without_thin_bands(found, extents, thin)
    before = [low for low, high in extents if (low + high) / 2 < result[0].at]
    after = [high for low, high in extents if (low + high) / 2 > result[-1].at]
    if before:
        result = [Level(min(*before, result[0].at - 1), ()), *result]
    if after:
        result = [*result, Level(max(*after, result[-1].at + 1), ())]
    return result


def _without_thin_bands(
    found: Sequence[Level], extents: Sequence[tuple[float, float]], thin: float
) -> list[Level]:
    kept = [found[0]]
    for level in found[1:]:
        last = kept[-1]
        holds_word = any(last.at < (low + high) / 2 < level.at for low, high in extents)
        if level.at - last.at < thin and not holds_word:
            rulings = (*last.rulings, *level.rulings)
            kept[-1] = Level(_place(rulings), rulings)
        else:
            kept.append(level)
    return kept
