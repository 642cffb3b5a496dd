"""The table regions of a page: where rulings show one, and where text lines read as rows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.evidence import Ruling, Word
from app.recognition.local.lines import box_of, text_lines
from app.recognition.local.regions.captions import is_note, is_title, notes_below, text_of, title_above
from app.recognition.local.regions.prose import Layout, find_prose
from app.recognition.local.regions.region import Region
from app.recognition.local.regions.runs import Line, gap_limit, is_row, runs
from app.recognition.local.regions.seeds import box_of_ruling, ruled_boxes
from app.tables.geometry import Box

_NEAR_LINES = 6
"""A row beyond the rulings must be aligned with one of so many lines next to it."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A region while it grows: its words' lines and the rulings' frame, where there is one."""

    lines: tuple[Line, ...]
    frame: Box | None

    @property
    def box(self) -> Box:
        box = box_of(word for line in self.lines for word in line)
        return box if self.frame is None else box.union(self.frame)


def find_regions(words: Sequence[Word], rulings: Sequence[Ruling], height: float) -> list[Region]:
    """All table regions, top to bottom, then left to right. ``height``: character height, in pixels."""
    layout = find_prose(words, height)
    frames = ruled_boxes(rulings, words, layout.prose, height)
    drafts = [_framed(frame, words, height) for frame in frames]
    taken = {id(word) for draft in drafts for line in draft.lines for word in line}
    free = [word for word in words if id(word) not in layout.prose and id(word) not in taken]
    drafts = [_grown(draft, free, layout, height, taken) for draft in drafts]
    free = [word for word in free if id(word) not in taken]
    for band in _bands(free, layout):
        drafts += [_Draft(tuple(run), None) for run in _clear_runs(band, drafts, height)]
    regions = [_region(draft, words, rulings, height) for draft in drafts]
    return sorted(regions, key=lambda region: (region.box.y0, region.box.x0))


def _framed(frame: Box, words: Sequence[Word], height: float) -> _Draft:
    reach = height / 2
    inside = [
        w
        for w in words
        if frame.x0 - reach <= w.box.center[0] <= frame.x1 + reach
        and frame.y0 - reach / 2 <= w.box.center[1] <= frame.y1 + reach / 2
    ]
    return _Draft(tuple(text_lines(inside)), frame)


def _grown(draft: _Draft, free: Sequence[Word], layout: Layout, height: float, taken: set[int]) -> _Draft:
    """With the rows that go on beyond the rulings, above and below, and the columns beside them."""
    draft = _widened(draft, free, layout, height, taken)
    for upward in (True, False):
        for line in _beyond(draft, free, upward):
            if not _continues(draft, line, height, upward):
                break
            draft = _with_line(draft, line, upward)
            taken.update(id(word) for word in line)
    return draft


def _with_line(draft: _Draft, line: Line, upward: bool) -> _Draft:
    return _Draft((line, *draft.lines) if upward else (*draft.lines, line), draft.frame)


def _beyond(draft: _Draft, free: Sequence[Word], upward: bool) -> list[Line]:
    """Free lines above (nearest first) or below the draft, within its width."""
    box = draft.box
    beside = [w for w in free if box.x0 - 1 <= w.box.center[0] <= box.x1 + 1]
    if upward:
        return text_lines([w for w in beside if w.box.center[1] < box.y0])[::-1]
    return text_lines([w for w in beside if w.box.center[1] > box.y1])


def _continues(draft: _Draft, line: Line, height: float, upward: bool) -> bool:
    place, box = box_of(line), draft.box
    distance = box.y0 - place.y1 if upward else place.y0 - box.y1
    text = text_of(line)
    return (
        is_row(line)
        and distance < gap_limit(draft.lines, height)
        and not is_title(text)
        and not is_note(text)
    )


def _widened(draft: _Draft, free: Sequence[Word], layout: Layout, height: float, taken: set[int]) -> _Draft:
    """With the words left and right of the frame, when most rows have one and no gutter lies between."""
    box = draft.box
    for left in (True, False):
        side = [w for w in free if _is_beside(w, box, layout, left, 5 * height)]
        if 2 * len(text_lines(side)) > len(draft.lines) > 1:
            taken.update(id(word) for word in side)
            draft = _Draft(
                tuple(text_lines([*(w for line in draft.lines for w in line), *side])), draft.frame
            )
    return draft


def _is_beside(word: Word, box: Box, layout: Layout, left: bool, near: float) -> bool:
    if not box.y0 <= word.box.center[1] <= box.y1:
        return False
    gap = box.x0 - word.box.x1 if left else word.box.x0 - box.x1
    between = (word.box.x1, box.x0) if left else (box.x1, word.box.x0)
    return -near < gap < near and not any(between[0] <= x <= between[1] for x in layout.gutters)


def _bands(free: Sequence[Word], layout: Layout) -> list[list[Word]]:
    """The words between two gutters, for each text column."""
    edges = [float("-inf"), *layout.gutters, float("inf")]
    return [[w for w in free if low <= w.box.center[0] < high] for low, high in itertools.pairwise(edges)]


def _clear_runs(band: Sequence[Word], drafts: Sequence[_Draft], height: float) -> list[list[Line]]:
    """Runs of the band between the drafts that stand in it."""
    found: list[list[Line]] = []
    edges = sorted({y for draft in drafts for y in (draft.box.y0, draft.box.y1)})
    for low, high in zip([float("-inf"), *edges], [*edges, float("inf")], strict=True):
        found += runs([w for w in band if low <= w.box.center[1] < high], height)
    return found


def _region(draft: _Draft, words: Sequence[Word], rulings: Sequence[Ruling], height: float) -> Region:
    box = draft.box
    inside = {id(word) for line in draft.lines for word in line}
    outside = text_lines([w for w in words if id(w) not in inside])
    own = [r for r in rulings if _belongs(r, box, height)]
    return Region(
        box=box,
        words=tuple(word for line in draft.lines for word in line),
        rulings=tuple(own),
        title=title_above(box, outside, height),
        notes=notes_below(box, outside, height),
    )


def _belongs(ruling: Ruling, box: Box, height: float) -> bool:
    place = box_of_ruling(ruling)
    return (
        box.x0 - height < place.center[0] < box.x1 + height
        and box.y0 - height < place.center[1] < box.y1 + height
    )
