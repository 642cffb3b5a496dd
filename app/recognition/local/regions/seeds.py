"""Where rulings show a table: meshes of crossing rulings, and stacks of horizontal ones (booktabs)."""

from __future__ import annotations

import itertools
from collections.abc import Container, Sequence

from app.recognition.evidence import Ruling, Word
from app.recognition.local.lines import text_lines
from app.tables.geometry import Box, hull

_TOUCH = 0.7
"""Rulings that come this near, in character heights, meet."""
_LONG = 5.0
_SAME_END = 1.5
_DOUBLE = 1.5
"""Largest distance of the two lines of a double ruling, in character heights."""
_SECTION = 5.0
"""Greatest height of a band that names a section, in character heights."""
_HEADROOM = 3.0
"""Space between a ruling and the row below it, in character heights."""
_SIDE_GAP = 2.0
"""Two meshes of one table stand no farther apart than this, in character heights."""


def ruled_boxes(
    rulings: Sequence[Ruling], words: Sequence[Word], prose: Container[int], height: float
) -> list[Box]:
    """A box for each table that rulings show, top to bottom, around its outermost rulings.

    ``prose``: the ``id`` of each word of running text, which separates stacks but may stand in a mesh.
    """
    meshes = [box for box in _meshes(rulings, height) if _holds_table(box, words)]
    free = [
        r
        for r in rulings
        if r.horizontal and r.length > _LONG * height and not any(_inside(r, box, height) for box in meshes)
    ]
    outside = [word for word in words if not any(_holds(box, word) for box in meshes)]
    stacks = [box for box in _stacks(free, outside, prose, height) if _holds_table(box, outside)]
    return sorted(_merged(meshes + stacks), key=lambda box: (box.y0, box.x0))


def box_of_ruling(ruling: Ruling) -> Box:
    """The ruling as a box without thickness."""
    if ruling.horizontal:
        return Box(ruling.start, ruling.at, ruling.end, ruling.at)
    return Box(ruling.at, ruling.start, ruling.at, ruling.end)


def _meshes(rulings: Sequence[Ruling], height: float) -> list[Box]:
    """Boxes around sets of rulings that meet, with at least two horizontal ones and a vertical one."""
    parents = list(range(len(rulings)))

    def root(i: int) -> int:
        while parents[i] != i:
            i = parents[i]
        return i

    for (i, a), (j, b) in itertools.combinations(enumerate(rulings), 2):
        if a.horizontal != b.horizontal and _meet(a, b, _TOUCH * height):
            parents[root(i)] = root(j)
    groups: dict[int, list[Ruling]] = {}
    for i, ruling in enumerate(rulings):
        groups.setdefault(root(i), []).append(ruling)
    boxes = [
        hull(box_of_ruling(r) for r in group)
        for group in groups.values()
        if any(r.horizontal for r in group) and sum(not r.horizontal for r in group) >= 1 and len(group) >= 2
    ]
    return _beside_joined(_merged([box for box in boxes if box is not None]), rulings, height)


def _beside_joined(boxes: Sequence[Box], rulings: Sequence[Ruling], height: float) -> list[Box]:
    """Meshes parted by a narrow gap made one when their horizontal rulings go on beyond it."""
    result: list[Box] = []
    for box in sorted(boxes, key=lambda b: b.x0):
        home = next((i for i, o in enumerate(result) if _goes_on(o, box, rulings, height)), None)
        if home is None:
            result.append(box)
        else:
            result[home] = result[home].union(box)
    return result


def _goes_on(left: Box, right: Box, rulings: Sequence[Ruling], height: float) -> bool:
    if not -height < right.x0 - left.x1 < _SIDE_GAP * height:
        return False
    here, there = _levels_in(left, rulings, height), _levels_in(right, rulings, height)
    shared = sum(any(abs(a - b) < height / 3 for b in there) for a in here)
    return shared >= 3 and shared > 0.6 * max(len(here), len(there))


def _levels_in(box: Box, rulings: Sequence[Ruling], height: float) -> list[float]:
    return [r.at for r in rulings if r.horizontal and _inside(r, box, height / 2)]


def _meet(a: Ruling, b: Ruling, near: float) -> bool:
    return a.start - near <= b.at <= a.end + near and b.start - near <= a.at <= b.end + near


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

    Text far below the upper ruling belongs to another table, which begins with a row above its first rule.
    """
    between = [
        w
        for w in words
        if upper.at < w.box.center[1] < lower.at and upper.start - 5 <= w.box.center[0] <= upper.end + 5
    ]
    lines = text_lines(between)
    if not lines:
        return lower.at - upper.at < _DOUBLE * height
    if min(word.box.y0 for word in lines[0]) - upper.at > _HEADROOM * height:
        return False
    if 3 * sum(all(id(word) in prose for word in line) for line in lines) > len(lines):
        return False
    is_section = len(lines) <= 2 and lower.at - upper.at < _SECTION * height
    return is_section or 2 * sum(len(line) > 1 for line in lines) >= len(lines)


def _holds_table(box: Box, words: Sequence[Word]) -> bool:
    """True for at least two words that stand beside each other and two lines, inside the box."""
    inside = [w for w in words if box.x0 <= w.box.center[0] <= box.x1 and box.y0 <= w.box.center[1] <= box.y1]
    lines = text_lines(inside)
    return len(lines) >= 2 and any(len(line) > 1 for line in lines)


def _holds(box: Box, word: Word) -> bool:
    x, y = word.box.center
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


def _inside(ruling: Ruling, box: Box, height: float) -> bool:
    other = box_of_ruling(ruling)
    return (
        box.x0 - height <= other.center[0] <= box.x1 + height
        and box.y0 - height <= other.center[1] <= box.y1 + height
    )


def _merged(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that share a good part of the smaller one made one."""
    result: list[Box] = []
    for box in sorted(boxes, key=lambda b: -b.area):
        for i, other in enumerate(result):
            if box.overlap(other) > 0.5 * max(1.0, min(box.area, other.area)):
                result[i] = other.union(box)
                break
        else:
            result.append(box)
    return result
