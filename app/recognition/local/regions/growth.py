"""Tables that go on beyond their rulings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.recognition.evidence import Ruling, Word
from app.recognition.local.headers import is_value
from app.recognition.local.lines import box_of, text_lines
from app.recognition.local.regions.captions import is_figure, is_source, is_title, text_of
from app.recognition.local.regions.meshes import is_inside
from app.recognition.local.regions.prose import Layout
from app.recognition.local.regions.runs import (
    Line,
    are_over_columns,
    gap_limit,
    is_over_columns,
    is_row,
    is_wrapped,
    shares_place,
)
from app.tables.geometry import Box

_NEAR_LINES = 6
"""A row below the rulings must be aligned with one of so many rows above it."""
_SECTIONS = 2
"""Most names of sections between the names of the columns and the first row."""
_BESIDE = 5.0
"""Distance of columns beside the rulings, in character heights."""
_IN_STEP = 1.25
"""Lines with names on their left, as a multiple of those without."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A region while it grows: its words' lines and the rulings' frame, where there is one."""

    lines: tuple[Line, ...]
    frame: Box | None
    meshed: bool = False
    """Whether vertical rulings part its columns: then its header stands between rulings too."""

    @property
    def box(self) -> Box:
        box = box_of(word for line in self.lines for word in line)
        return box if self.frame is None else box.union(self.frame)


def framed(frame: Box, words: Sequence[Word], rulings: Sequence[Ruling], height: float) -> Draft:
    """The words inside a frame of ``rulings``."""
    reach = height / 2
    inside = [
        w
        for w in words
        if frame.x0 - reach <= w.box.center[0] <= frame.x1 + reach
        and frame.y0 - reach / 2 <= w.box.center[1] <= frame.y1 + reach / 2
    ]
    meshed = any(not ruling.horizontal and is_inside(ruling, frame, 0.0) for ruling in rulings)
    return Draft(tuple(text_lines(inside)), frame, meshed)


def grown(draft: Draft, free: Sequence[Word], layout: Layout, height: float, taken: set[int]) -> Draft:
    """The draft with the rows that go on beyond its rulings, above and below, and the columns beside them.

    ``free``: words outside all frames and running text; those used are added to ``taken`` by their ``id``,
    and left to the draft that took them first.
    """
    free = [word for word in free if id(word) not in taken]
    draft = _widened(draft, free, layout, height, taken)
    for upward in (True, False):
        wrapped: list[Line] = []
        for line in _beyond(draft, free, upward):
            longer = _longer(draft, wrapped, upward)
            if _is_next(draft, wrapped, line, height, upward):
                draft = _longer(longer, [line], upward)
                wrapped = []
            elif _is_part(line, longer, height, upward) or (
                upward and len(wrapped) < _SECTIONS and _is_section(line, longer, height)
            ):
                wrapped.append(line)
            else:
                break
        if wrapped and not upward and _is_row_below(draft):
            draft = _longer(draft, wrapped, upward)
    taken.update(id(word) for line in draft.lines for word in line)
    return draft


def _is_next(draft: Draft, wrapped: Sequence[Line], line: Line, height: float, upward: bool) -> bool:
    """True for a row that comes next beyond the ``wrapped`` lines; above names of sections, for the names of
    the columns alone."""
    longer = _longer(draft, wrapped, upward)
    if upward and not wrapped and is_over_columns(line, draft.lines[0], height):
        return True
    if upward and wrapped and _is_section(wrapped[0], draft, height):
        return _names_columns(line, draft, height) and _continues(longer, line, height, upward)
    return _continues(longer, line, height, upward)


def _is_section(line: Line, draft: Draft, height: float) -> bool:
    """True for a name alone above the first row, flush with the first column."""
    place, box = box_of(line), draft.box
    return (
        len(line) == 1
        and not draft.meshed
        and abs(place.x0 - box_of(word for row in draft.lines for word in row).x0) < height / 2
        and box.y0 - place.y1 < gap_limit(draft.lines, height)
        and not is_title(text_of(line))
    )


def _names_columns(line: Line, draft: Draft, height: float) -> bool:
    """True for names without values, each over a column of the first rows."""
    rows = [other for other in draft.lines if is_row(other)][:_NEAR_LINES]
    fits = are_over_columns(line, rows, height) or any(shares_place(line, row, height) for row in rows)
    return fits and not any(is_value(word.text) for word in line)


def _longer(draft: Draft, lines: Sequence[Line], upward: bool) -> Draft:
    """With lines above or below it, the nearest one first."""
    return replace(draft, lines=(*reversed(lines), *draft.lines) if upward else (*draft.lines, *lines))


def _is_part(line: Line, draft: Draft, height: float, upward: bool) -> bool:
    """True for what may go on in a cell of the last row, or end the names of a header of several lines."""
    if not upward:
        return is_wrapped(line, draft.lines, height)
    rows = [other for other in draft.lines if is_row(other)][:_NEAR_LINES]
    near = draft.box.y0 - box_of(line).y1 < gap_limit(draft.lines, height)
    heads = not is_title(text_of(line)) and are_over_columns(line, rows, height)
    return near and heads and not draft.meshed


def _is_row_below(draft: Draft) -> bool:
    """True where the last row stands below the rulings."""
    return draft.frame is None or box_of(draft.lines[-1]).y0 > draft.frame.y1


def _beyond(draft: Draft, free: Sequence[Word], upward: bool) -> list[Line]:
    """Free lines above (nearest first) or below the draft, within its width."""
    box = draft.box
    beside = [w for w in free if box.x0 - 1 <= w.box.center[0] <= box.x1 + 1]
    if upward:
        return text_lines([w for w in beside if w.box.center[1] < box.y0])[::-1]
    return text_lines([w for w in beside if w.box.center[1] > box.y1])


def _continues(draft: Draft, line: Line, height: float, upward: bool) -> bool:
    place, box = box_of(line), draft.box
    distance = box.y0 - place.y1 if upward else place.y0 - box.y1
    text = text_of(line)
    near = [line for line in draft.lines if is_row(line)][-_NEAR_LINES:]
    return (
        is_row(line)
        and distance < gap_limit(draft.lines, height)
        and (upward or any(shares_place(line, other, height) for other in near))
        and (upward or _holds_digit(line) or not _is_numeric(draft))
        and not is_title(text)
        and not is_figure(text)
        and not is_source(line[0].text if upward else text)
    )


def _holds_digit(line: Line) -> bool:
    return any(char.isdigit() for char in text_of(line))


def _is_numeric(draft: Draft) -> bool:
    """True where most lines hold numbers: then text below the last ruling is no row."""
    return 2 * sum(map(_holds_digit, draft.lines)) > len(draft.lines)


def _widened(draft: Draft, free: Sequence[Word], layout: Layout, height: float, taken: set[int]) -> Draft:
    """With the words left and right of the frame, when most rows have one and no gutter lies between."""
    box = draft.box
    for left in (True, False):
        near = _BESIDE * height
        side = [w for w in free if _is_beside(w, box, layout, left, near)]
        if left and _is_nameless(draft):
            names = [w for w in free if _is_beside(w, box, layout, left, math.inf)]
            side = names if _are_in_step(names, draft) else side
        if 2 * len(text_lines(side)) > len(draft.lines) > 1 and not _goes_on_alone(side, box, free, height):
            taken.update(id(word) for word in side)
            every = [*(word for line in draft.lines for word in line), *side]
            draft = replace(draft, lines=tuple(text_lines(every)))
    return draft


def _is_nameless(draft: Draft) -> bool:
    """True where rows begin with values: sums are ruled off below their numbers alone, their names stand
    apart on the left."""
    return 2 * sum(is_value(line[0].text) for line in draft.lines) > len(draft.lines)


def _are_in_step(names: Sequence[Word], draft: Draft) -> bool:
    """True where hardly a name stands between two rows."""
    every = text_lines([*names, *(word for line in draft.lines for word in line)])
    return len(every) <= _IN_STEP * len(draft.lines)


def _goes_on_alone(side: Sequence[Word], box: Box, free: Sequence[Word], height: float) -> bool:
    """True where the words beside the box go on below it, where the box itself does not: another table."""
    place = box_of(side)
    below = [w for w in free if 0 < w.box.y0 - place.y1 < gap_limit([list(side)], height)]
    return any(min(w.box.x1, place.x1) > max(w.box.x0, place.x0) for w in below) and not any(
        min(w.box.x1, box.x1) > max(w.box.x0, box.x0) for w in below
    )


def _is_beside(word: Word, box: Box, layout: Layout, left: bool, near: float) -> bool:
    if not box.y0 <= word.box.center[1] <= box.y1:
        return False
    gap = box.x0 - word.box.x1 if left else word.box.x0 - box.x1
    return -near < gap < near and not any(gutter.parts(word.box, box) for gutter in layout.gutters)
