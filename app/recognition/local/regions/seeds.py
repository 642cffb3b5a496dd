"""Where rulings show a table: meshes of crossing rulings, and stacks of horizontal ones (booktabs)."""

from __future__ import annotations

import itertools
from collections.abc import Container, Sequence
from statistics import median

from app.recognition.evidence import Ruling, Word
from app.recognition.local.lines import box_of, text_lines
from app.recognition.local.regions.meshes import box_of_ruling, is_inside, merged, meshes
from app.tables.geometry import Box, hull

_LONG = 5.0
_SAME_END = 1.5
_DOUBLE = 1.5
"""Largest distance of the two lines of a double ruling, in character heights."""
_SECTION = 5.0
"""Greatest height of a band that names a section, in character heights."""
_CLEARING = 3.0
"""Empty space between two tables, in character heights, and as a multiple of the space between their rows."""


def ruled_boxes(
    rulings: Sequence[Ruling], words: Sequence[Word], prose: Container[int], height: float
) -> list[Box]:
    """A box for each table that rulings show, top to bottom, around its outermost rulings.

    ``prose``: the ``id`` of each word of running text, which separates stacks but may stand in a mesh.
    """
    ruled = [box for box in meshes(rulings, height) if _holds_table(box, words)]
    free = [
        r
        for r in rulings
        if r.horizontal and r.length > _LONG * height and not any(is_inside(r, box, height) for box in ruled)
    ]
    outside = [word for word in words if not any(_holds(box, word) for box in ruled)]
    stacks = [box for box in _stacks(free, outside, prose, height) if _holds_table(box, outside)]
    return sorted(merged(ruled + stacks), key=lambda box: (box.y0, box.x0))


def _stacks(
    rulings: Sequence[Ruling], words: Sequence[Word], prose: Container[int], height: float
) -> list[Box]:
    """Boxes between horizontal rulings with the same ends and text of several columns between them."""
    stacks: list[list[Ruling]] = []
    for ruling in sorted(rulings, key=lambda r: r.at):
        home = next((s for s in reversed(stacks) if _same_ends(s[0], ruling, height)), None)
        if home is not None and _is_table_text(home[-1], ruling, words, prose, height):
            home.append(ruling)
        else:
            stacks.append([ruling])
    boxes = [hull(box_of_ruling(r) for r in stack) for stack in stacks if len(stack) >= 2]
    return [box for box in boxes if box is not None]


def _same_ends(a: Ruling, b: Ruling, height: float) -> bool:
    return abs(a.start - b.start) < _SAME_END * height and abs(a.end - b.end) < _SAME_END * height


def _is_table_text(
    upper: Ruling, lower: Ruling, words: Sequence[Word], prose: Container[int], height: float
) -> bool:
    """True where the rulings are a double one, hold rows, or hold a line or two that name a section.

    Text beyond an empty space belongs to another table, which begins with a row above its first rule.
    """
    between = [
        w
        for w in words
        if upper.at < w.box.center[1] < lower.at and upper.start - 5 <= w.box.center[0] <= upper.end + 5
    ]
    lines = text_lines(between)
    if not lines:
        return lower.at - upper.at < _DOUBLE * height
    if _has_clearing(upper.at, lines, lower.at, height):
        return False
    if 3 * sum(all(id(word) in prose for word in line) for line in lines) > len(lines):
        return False
    is_section = len(lines) <= 2 and lower.at - upper.at < _SECTION * height
    return is_section or 3 * sum(len(line) > 1 for line in lines) >= len(lines)


def _has_clearing(top: float, lines: Sequence[list[Word]], bottom: float, height: float) -> bool:
    """True where the space between two lines, or a line and a ruling, is far wider than usual there."""
    boxes = [box_of(line) for line in lines]
    usual = median(b.y0 - a.y1 for a, b in itertools.pairwise(boxes)) if len(boxes) > 2 else 0.0
    ends, starts = [top, *(box.y1 for box in boxes)], [*(box.y0 for box in boxes), bottom]
    widest = max(start - end for end, start in zip(ends, starts, strict=True))
    return widest > _CLEARING * max(height, usual)


def _holds_table(box: Box, words: Sequence[Word]) -> bool:
    """True for at least two words that stand beside each other and two lines, inside the box."""
    inside = [w for w in words if box.x0 <= w.box.center[0] <= box.x1 and box.y0 <= w.box.center[1] <= box.y1]
    lines = text_lines(inside)
    return len(lines) >= 2 and any(len(line) > 1 for line in lines)


def _holds(box: Box, word: Word) -> bool:
    x, y = word.box.center
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
