"""Tables that stand beside each other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from app.recognition.evidence import Word
from app.recognition.local.headers import is_value
from app.recognition.local.lines import text_lines
from app.recognition.local.regions.runs import is_row
from app.tables.geometry import Box

_GAP = 3.0
"""Least space between two tables, in character heights."""
_WIDE_GAP = 5.0
"""Space that parts tables whose rows are in step, in character heights, and as a multiple of the widest other
space between columns."""
_WIDER = 2.5
_OUT_OF_STEP = 0.25
"""Share of the lines that stand on one side alone."""

_Strip = tuple[float, float]


def split_at(words: Sequence[Word], titles: Sequence[Box], height: float) -> float | None:
    """x of the space that parts two tables; None where the words are one table.

    ``titles``: boxes of captions above. Two tables have a title each, or both begin with a column of names
    and have rows of their own, or a space far wider than those between columns between them.
    """
    strips = _strips(words)
    for start, end in sorted(strips, key=lambda strip: strip[0] - strip[1]):
        if end - start < _GAP * height:
            break
        left = [word for word in words if word.box.x1 <= start]
        right = [word for word in words if word.box.x0 >= end]
        if not (_has_rows(left) and _has_rows(right)):
            continue
        titled = any(box.x1 < end for box in titles) and any(box.x0 > start for box in titles)
        if titled or _are_two_tables(left, right, _is_wide((start, end), strips, height)):
            return (start + end) / 2
    return None


def _are_two_tables(left: Sequence[Word], right: Sequence[Word], far: bool) -> bool:
    """True where both sides begin with names and stand ``far`` apart or have rows of their own."""
    return _begins_with_names(left) and _begins_with_names(right) and (far or _are_out_of_step(left, right))


def _strips(words: Sequence[Word]) -> list[_Strip]:
    """The spaces that no word reaches into, left to right."""
    found: list[_Strip] = []
    edge: float | None = None
    for box in sorted((word.box for word in words), key=lambda box: box.x0):
        if edge is not None and box.x0 > edge:
            found.append((edge, box.x0))
        edge = box.x1 if edge is None else max(edge, box.x1)
    return found


def _is_wide(strip: _Strip, strips: Sequence[_Strip], height: float) -> bool:
    others = max((end - start for start, end in strips if (start, end) != strip), default=0.0)
    return strip[1] - strip[0] > max(_WIDE_GAP * height, _WIDER * others)


def _has_rows(words: Sequence[Word]) -> bool:
    return sum(map(is_row, text_lines(words))) >= 2


def _begins_with_names(words: Sequence[Word]) -> bool:
    """Below its header too, which may have many lines of names."""
    first = [line[0].text for line in text_lines(words) if is_row(line)]
    below = first[len(first) // 2 :]
    return len(first) >= 2 and all(2 * sum(map(is_value, names)) < len(names) for names in (first, below))


def _are_out_of_step(left: Sequence[Word], right: Sequence[Word]) -> bool:
    """True where both sides have rows that nothing stands beside."""
    rightmost = max(word.box.x1 for word in left)
    lines = text_lines(itertools.chain(left, right))
    alone = [
        sum(is_row(line) and all((word.box.x1 <= rightmost) == is_left for word in line) for line in lines)
        for is_left in (True, False)
    ]
    return min(alone) >= 1 and sum(alone) > _OUT_OF_STEP * len(lines)
