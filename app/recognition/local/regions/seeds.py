"""Where rulings show a table: meshes of crossing rulings, and stacks of horizontal ones (booktabs)."""

from __future__ import annotations

import itertools
from collections.abc import Container, Sequence
from dataclasses import dataclass
from statistics import median

from app.recognition.evidence import Ruling, Word
from app.recognition.local.lines import box_of, text_lines
from app.recognition.local.regions.captions import is_figure, is_title, text_of
from app.recognition.local.regions.meshes import box_of_ruling, is_inside, joined, merged, meshes, touch
from app.recognition.local.regions.runs import is_row, reads_as_rows
from app.tables.geometry import Box, hull

_LONG = 5.0
_SAME_END = 1.5
_DOUBLE = 1.5
"""Largest distance of the two lines of a double ruling, in character heights."""
_CAPTION = 3.0
"""Distance of a figure's caption, in character heights."""
_SECTION = 5.0
"""Greatest height of a band that names a section, in character heights."""
_NAME_LINES = 3
"""Most lines of a name: of a section, or of a row with its values beside the last one."""
_LABEL = 2.0
"""Least width of a column of labels, in character heights."""
_TIGHT = 1.2
"""Space between a row and the rulings around it, in character heights."""
_CLEARING = 3.0
"""Empty space between two tables, in character heights, and as a multiple of the space between their rows."""
_WIDE = 0.85
"""Share of a ruling's length that a line of a paragraph between two tables takes."""
_SAME_STEP = 1.4
"""Largest ratio of the steps from ruling to ruling of a table that is ruled row by row."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """What rulings enclose, each top to bottom, with its outermost rulings."""

    tables: tuple[Box, ...]
    frames: tuple[Box, ...]
    """Around charts and boxes of text."""
    figures: tuple[Box, ...]
    """Those of them that have a figure's caption."""


def find_seeds(
    rulings: Sequence[Ruling], words: Sequence[Word], prose: Container[int], height: float
) -> Seeds:
    """``prose``: the ``id`` of each word of running text, which separates stacks but may stand in a mesh."""
    full = [box for box in meshes(rulings, height) if _holds_table(box, words)]
    whole = [box for box in full if not _is_divided(box, rulings, height)]
    figures = [box for box in whole if _is_figure(box, words, height)]
    frames = [box for box in whole if box in figures or not _holds_rows(box, words, prose, height)]
    ruled = [box for box in full if box not in frames]
    free = [
        r
        for r in rulings
        if r.horizontal and r.length > _LONG * height and not any(is_inside(r, box, height) for box in full)
    ]
    outside = [word for word in words if not any(holds(box, word) for box in ruled)]
    stacks = [box for box in _stacks(free, outside, prose, height) if _holds_table(box, outside)]
    lone = [r for r in free if not any(is_inside(r, box, height / 2) for box in stacks)]
    ruled = [_with_head(box, lone, outside, prose, height) for box in ruled]
    parts = [box for box in frames if any(touch(box, table, height) for table in ruled + stacks)]
    whole = joined(merged(ruled + stacks + parts), height)
    tables = sorted(_in_step(whole, rulings, outside, height), key=lambda box: (box.y0, box.x0))
    return Seeds(tuple(tables), tuple(box for box in frames if box not in parts), tuple(figures))


def _stacks(
    rulings: Sequence[Ruling], words: Sequence[Word], prose: Container[int], height: float
) -> list[Box]:
    """Boxes between horizontal rulings with the same ends and text of several columns between them."""
    stacks: list[list[Ruling]] = []
    for ruling in sorted(rulings, key=lambda r: r.at):
        home = next((s for s in reversed(stacks) if _same_ends(s[0], ruling, height)), None)
        if home is not None and _has_wider(home[-1], ruling, rulings, height):
            home = None
        if home is not None and _is_table_text(home[-1], ruling, words, prose, height):
            home.append(ruling)
        else:
            stacks.append([ruling])
    boxes = [hull(box_of_ruling(r) for r in stack) for stack in stacks if len(stack) >= 2]
    return [box for box in boxes if box is not None]


def _in_step(
    boxes: Sequence[Box], rulings: Sequence[Ruling], words: Sequence[Word], height: float
) -> list[Box]:
    """Boxes of equal width made one where a row between them stands as high as those between their rulings: a
    stroke across some of these makes a mesh of them alone."""
    result: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.y0):
        home = next((i for i, o in enumerate(result) if _goes_on(o, box, rulings, words, height)), None)
        if home is None:
            result.append(box)
        else:
            result[home] = result[home].union(box)
    return result


def _goes_on(upper: Box, lower: Box, rulings: Sequence[Ruling], words: Sequence[Word], height: float) -> bool:
    top = Ruling(upper.x0, upper.x1, upper.y1, horizontal=True)
    bottom = Ruling(lower.x0, lower.x1, lower.y0, horizontal=True)
    if not _same_ends(top, bottom, height) or bottom.at <= top.at:
        return False
    ends = [r for r in rulings if r.horizontal and _same_ends(r, top, height)]
    above, below = (sorted(r.at for r in ends if is_inside(r, box, height / 2)) for box in (upper, lower))
    if len(above) < 2 or len(below) < 2:
        return False
    steps = (above[-1] - above[-2], bottom.at - top.at, below[1] - below[0])
    if max(steps) > _SAME_STEP * min(steps):
        return False
    between = [w for w in words if holds(Box(upper.x0, top.at, upper.x1, bottom.at), w)]
    lines = text_lines(between)
    return len(lines) == 1 and is_row(lines[0])


def _with_head(
    mesh: Box, rulings: Sequence[Ruling], words: Sequence[Word], prose: Container[int], height: float
) -> Box:
    """The mesh with a head above it whose vertical rulings are too short to be seen."""
    top = Ruling(mesh.x0, mesh.x1, mesh.y0, horizontal=True, thickness=1.0)
    above = [r for r in rulings if r.at < top.at and _same_ends(r, top, height)]
    upper = max(above, key=lambda ruling: ruling.at, default=None)
    if upper is None or not _is_table_text(upper, top, words, prose, height):
        return mesh
    head = box_of_ruling(upper).union(box_of_ruling(top))
    is_row = any(len(line) > 1 for line in text_lines([word for word in words if holds(head, word)]))
    return mesh.union(head) if is_row else mesh


def _same_ends(a: Ruling, b: Ruling, height: float) -> bool:
    return abs(a.start - b.start) < _SAME_END * height and abs(a.end - b.end) < _SAME_END * height


def _has_wider(upper: Ruling, lower: Ruling, rulings: Sequence[Ruling], height: float) -> bool:
    """True where a wider ruling lies between: it belongs to another table."""
    return any(
        upper.at < ruling.at < lower.at
        and ruling.start < upper.start - _SAME_END * height
        and ruling.end > upper.end + _SAME_END * height
        for ruling in rulings
    )


def _is_table_text(
    upper: Ruling, lower: Ruling, words: Sequence[Word], prose: Container[int], height: float
) -> bool:
    """True where the rulings are a double one, hold rows, or a few lines that name a section.

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
    captions = [text for text in map(text_of, lines) if is_title(text) or is_figure(text)]
    if captions or _has_clearing(upper.at, lines, lower.at, height):
        return False
    if _is_entry(upper, lines, lower, height):
        return True
    if _has_paragraph(lines, upper, prose, height) or _is_running_text(lines, prose):
        return False
    is_section = len(lines) <= _NAME_LINES and lower.at - upper.at < _SECTION * height
    return is_section or 3 * sum(len(line) > 1 for line in lines) >= len(lines)


def _is_running_text(lines: Sequence[list[Word]], prose: Container[int]) -> bool:
    """True where prose is more than a third of the lines, and no long name that ends beside its values."""
    running = [all(id(word) in prose for word in line) for line in lines]
    is_name = len(lines) <= _NAME_LINES and len(lines[-1]) > 1 and not running[-1]
    return 3 * sum(running) > len(lines) and not is_name


def _has_paragraph(lines: Sequence[list[Word]], upper: Ruling, prose: Container[int], height: float) -> bool:
    """True for two lines of running text below each other from the ruling's start on, one of them as wide as
    the ruling: it stands between two tables."""
    boxes = [box_of(line) if all(id(word) in prose for word in line) else None for line in lines]
    return any(
        a is not None
        and b is not None
        and min(a.x0, b.x0) - upper.start < _LABEL * height
        and max(a.width, b.width) > _WIDE * upper.length
        for a, b in itertools.pairwise(boxes)
    )


def _is_entry(upper: Ruling, lines: Sequence[list[Word]], lower: Ruling, height: float) -> bool:
    """True for text close to both rulings, behind a column of its own in which a label stands beside it."""
    space = max(box_of(lines[0]).y0 - upper.at, lower.at - box_of(lines[-1]).y1)
    if space > _TIGHT * height or len(lines[0]) == 1:
        return False
    left = lines[0][1].box.x0
    return left - upper.start > _LABEL * height and all(
        line[0].box.x0 > left - height / 2 or (len(line) > 1 and abs(line[1].box.x0 - left) < height / 2)
        for line in lines
    )


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


def _is_divided(box: Box, rulings: Sequence[Ruling], height: float) -> bool:
    """True where a ruling parts rows from end to end; charts and boxes of text have but a frame."""
    return any(
        ruling.horizontal
        and box.y0 + height / 2 < ruling.at < box.y1 - height / 2
        and ruling.start < box.x0 + _SAME_END * height
        and ruling.end > box.x1 - _SAME_END * height
        for ruling in rulings
    )


def _holds_rows(box: Box, words: Sequence[Word], prose: Container[int], height: float) -> bool:
    return reads_as_rows([word for word in words if holds(box, word) and id(word) not in prose], height)


def _is_figure(box: Box, words: Sequence[Word], height: float) -> bool:
    """True where a figure's caption stands right below the box."""
    under = Box(box.x0, box.y1, box.x1, box.y1 + _CAPTION * height)
    below = [word for word in words if holds(under, word)]
    return any(is_figure(text_of(line)) for line in text_lines(below))


def holds(box: Box, word: Word) -> bool:
    """True where the word's middle lies in the box."""
    x, y = word.box.center
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
