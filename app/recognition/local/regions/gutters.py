"""The spaces between the text columns of a page."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.recognition.evidence import Ruling
from app.tables.geometry import Box

_LINES = 3
"""Lines of running text on both sides of a gutter; one less is enough where the columns are equally wide."""
_SAME_WIDTH = 0.9
_WIDEST = 4.0
"""In character heights."""
_APART = 16.0
"""Least distance of two gutters, in character heights."""
_NARROW = 0.7
"""Width of a gutter, in character heights, from which it is wider than a space."""
_EDGE, _EDGE_LINES = 0.3, 4
"""So many lines at least begin at the same place, in character heights, behind a narrow gutter."""
_LONG = 12.0
"""Least height of a narrow gutter, in character heights: a table leaves spaces of that width as well."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """A vertical strip that nothing crosses, with running text on both sides."""

    at: float
    """x of its middle."""
    top: float
    bottom: float

    def parts(self, a: Box, b: Box) -> bool:
        """True where the gutter lies between two boxes that stand beside each other."""
        y = (a.center[1] + b.center[1]) / 2
        return self.top < y < self.bottom and min(a.x1, b.x1) <= self.at <= max(a.x0, b.x0)

    def side(self, box: Box) -> int:
        """-1 left of it, 1 right of it, 0 above or below its ends."""
        if not self.top < box.center[1] < self.bottom:
            return 0
        return -1 if box.center[0] < self.at else 1


def find_gutters(
    prose: Sequence[Box], words: Iterable[Box], rulings: Sequence[Ruling], height: float
) -> tuple[Gutter, ...]:
    """Left to right. ``prose``: the lines of running text; ``words``: all boxes of words."""
    found: list[Gutter] = []
    solid = [*words, *(Box(r.start, r.at, r.end, r.at) for r in rulings if r.horizontal)]
    for left in sorted({round(box.x0) for box in prose}):
        ends = [box.x1 for box in prose if left - _WIDEST * height < box.x1 < left]
        at = (max(ends, default=left - height) + left) / 2
        crossed = [box.center[1] for box in solid if box.x0 + height / 2 < at < box.x1 - height / 2]
        for top, bottom in itertools.pairwise([float("-inf"), *sorted(crossed), float("inf")]):
            gutter = Gutter(at, top, bottom)
            if _parts_columns(gutter, prose) and not _is_known(gutter, found, height):
                found.append(gutter)
    return tuple(found)


def find_narrow(
    prose: Sequence[Box], words: Iterable[Box], rulings: Sequence[Ruling], height: float
) -> tuple[Gutter, ...]:
    """Those that are hardly wider than a space, for ``prose`` that was cut at the `edges` of columns."""
    return tuple(g for g in find_gutters(prose, words, rulings, height) if g.bottom - g.top > _LONG * height)


def edges(lines: Iterable[Sequence[Box]], height: float) -> list[float]:
    """x at which boxes of several lines begin behind a space wider than others. ``lines``: left to right."""
    starts = sorted(
        right.x0
        for line in lines
        for left, right in itertools.pairwise(line)
        if right.x0 - left.x1 > _NARROW * height
    )
    return [x for x in starts if sum(abs(x - other) < _EDGE * height for other in starts) >= _EDGE_LINES]


def _parts_columns(gutter: Gutter, prose: Sequence[Box]) -> bool:
    sides = [(gutter.side(box), box.width) for box in prose]
    before = [width for side, width in sides if side < 0]
    after = [width for side, width in sides if side > 0]
    fewest = min(len(before), len(after))
    if fewest >= _LINES or fewest < _LINES - 1:
        return fewest >= _LINES
    return min(max(before), max(after)) > _SAME_WIDTH * max(max(before), max(after))


def _is_known(gutter: Gutter, found: Sequence[Gutter], height: float) -> bool:
    return any(
        abs(gutter.at - other.at) < _APART * height
        and gutter.top < other.bottom
        and other.top < gutter.bottom
        for other in found
    )
