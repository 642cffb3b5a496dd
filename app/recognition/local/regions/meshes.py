"""Meshes: rulings that cross or touch each other."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from app.recognition.evidence import Ruling
from app.tables.geometry import Box, hull

_TOUCH = 0.7
"""Rulings that come this near, in character heights, meet."""
_NEXT = 1.5
_SECTION_GAP = 2.5
_SIDE_GAP = 2.0
"""Two meshes of one table stand no farther apart than this, in character heights."""


def meshes(rulings: Sequence[Ruling], height: float) -> list[Box]:
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
    found = merged([box for box in boxes if box is not None])
    return _joined(_joined(found, rulings, height, _goes_on_right), rulings, height, _goes_on_below)


def _joined(
    boxes: Sequence[Box],
    rulings: Sequence[Ruling],
    height: float,
    goes_on: Callable[[Box, Box, Sequence[Ruling], float], bool],
) -> list[Box]:
    """Meshes that are parts of one table made one."""
    result: list[Box] = []
    for box in sorted(boxes, key=lambda b: b.x0 + b.y0):
        home = next((i for i, o in enumerate(result) if goes_on(o, box, rulings, height)), None)
        if home is None:
            result.append(box)
        else:
            result[home] = result[home].union(box)
    return result


def _goes_on_right(left: Box, right: Box, rulings: Sequence[Ruling], height: float) -> bool:
    """Parted by a narrow gap, beyond which the horizontal rulings go on."""
    if not -height < right.x0 - left.x1 < _SIDE_GAP * height:
        return False
    here = [r.at for r in rulings if r.horizontal and is_inside(r, left, height / 2)]
    there = [r.at for r in rulings if r.horizontal and is_inside(r, right, height / 2)]
    return _match(here, there, height, at_least=3, of=max)


def _goes_on_below(upper: Box, lower: Box, rulings: Sequence[Ruling], height: float) -> bool:
    """Parted by a line that names a section, below which the same columns go on; or names over several of
    them, which fewer rulings part."""
    if not -height < lower.y0 - upper.y1 < _SECTION_GAP * height:
        return False
    if abs(lower.x0 - upper.x0) > height or abs(lower.x1 - upper.x1) > height:
        return False
    here = [r.at for r in rulings if not r.horizontal and is_inside(r, upper, height / 2)]
    there = [r.at for r in rulings if not r.horizontal and is_inside(r, lower, height / 2)]
    return _match(here, there, height, at_least=1, of=min)


def _match(
    here: Sequence[float], there: Sequence[float], height: float, at_least: int, of: Callable[[int, int], int]
) -> bool:
    """True for enough places in common, as a share of those here or there."""
    near = height / 3
    fewer, more = sorted((_places(here, near), _places(there, near)), key=len)
    shared = sum(any(abs(a - b) < near for b in more) for a in fewer)
    return shared >= at_least and shared > 0.6 * of(len(fewer), len(more))


def _places(ats: Sequence[float], near: float) -> list[float]:
    """Each place once: a ruling may come in pieces."""
    ordered = sorted(ats)
    return [at for i, at in enumerate(ordered) if not i or at - ordered[i - 1] > near]


def _meet(a: Ruling, b: Ruling, near: float) -> bool:
    return a.start - near <= b.at <= a.end + near and b.start - near <= a.at <= b.end + near


def box_of_ruling(ruling: Ruling) -> Box:
    """The ruling as a box without thickness."""
    if ruling.horizontal:
        return Box(ruling.start, ruling.at, ruling.end, ruling.at)
    return Box(ruling.at, ruling.start, ruling.at, ruling.end)


def is_inside(ruling: Ruling, box: Box, reach: float) -> bool:
    """True where the ruling's middle lies in the box or within ``reach`` of it."""
    other = box_of_ruling(ruling)
    return (
        box.x0 - reach <= other.center[0] <= box.x1 + reach
        and box.y0 - reach <= other.center[1] <= box.y1 + reach
    )


def touch(a: Box, b: Box, height: float) -> bool:
    """True for equally wide boxes of which one begins where the other ends."""
    return (
        min(abs(b.y0 - a.y1), abs(a.y0 - b.y1)) < _NEXT * height
        and abs(b.x0 - a.x0) < height
        and abs(b.x1 - a.x1) < height
    )


def joined(boxes: Sequence[Box], height: float) -> list[Box]:
    """Boxes of equal width that touch made one: head and body, or parts in different colours."""
    result: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.y0):
        home = next((i for i, other in enumerate(result) if touch(other, box, height)), None)
        if home is None:
            result.append(box)
        else:
            result[home] = result[home].union(box)
    return result


def merged(boxes: Sequence[Box]) -> list[Box]:
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
