"""The table regions of a page: where rulings show one, and where text lines read as rows."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.evidence import Ruling, Word
from app.recognition.local.lines import text_lines
from app.recognition.local.regions.captions import notes_below, title_above
from app.recognition.local.regions.growth import Draft, framed, grown
from app.recognition.local.regions.meshes import is_inside
from app.recognition.local.regions.prose import Layout, find_prose
from app.recognition.local.regions.region import Region
from app.recognition.local.regions.runs import Line, runs
from app.recognition.local.regions.seeds import ruled_boxes

_CAPTION_REACH = 15.0
"""Titles and notes are looked for within so many character heights of the table."""


def find_regions(words: Sequence[Word], rulings: Sequence[Ruling], height: float) -> list[Region]:
    """All table regions, top to bottom, then left to right. ``height``: character height, in pixels."""
    layout = find_prose(words, rulings, height)
    frames = ruled_boxes(rulings, words, layout.prose, height)
    drafts = [framed(frame, words, height) for frame in frames]
    taken = {id(word) for draft in drafts for line in draft.lines for word in line}
    free = [word for word in words if id(word) not in layout.prose and id(word) not in taken]
    drafts = [grown(draft, free, layout, height, taken) for draft in drafts]
    free = [word for word in free if id(word) not in taken]
    for band in _bands(free, layout):
        drafts += [Draft(tuple(run), None) for run in _clear_runs(band, drafts, height)]
    regions = [_region(draft, words, rulings, height) for draft in drafts]
    return sorted(regions, key=lambda region: (region.box.y0, region.box.x0))


def _bands(free: Sequence[Word], layout: Layout) -> list[list[Word]]:
    """The words of each text column."""
    bands: dict[tuple[int, ...], list[Word]] = {}
    for word in free:
        bands.setdefault(tuple(gutter.side(word.box) for gutter in layout.gutters), []).append(word)
    return list(bands.values())


def _clear_runs(band: Sequence[Word], drafts: Sequence[Draft], height: float) -> list[list[Line]]:
    """Runs of the band between the drafts that stand in it."""
    found: list[list[Line]] = []
    edges = sorted({y for draft in drafts for y in (draft.box.y0, draft.box.y1)})
    for low, high in zip([float("-inf"), *edges], [*edges, float("inf")], strict=True):
        found += runs([w for w in band if low <= w.box.center[1] < high], height)
    return found


def _region(draft: Draft, words: Sequence[Word], rulings: Sequence[Ruling], height: float) -> Region:
    box = draft.box
    inside = {id(word) for line in draft.lines for word in line}
    near = _CAPTION_REACH * height
    outside = text_lines(
        [w for w in words if id(w) not in inside and box.y0 - near < w.box.center[1] < box.y1 + near]
    )
    own = [ruling for ruling in rulings if is_inside(ruling, box, height)]
    return Region(
        box=box,
        words=tuple(word for line in draft.lines for word in line),
        rulings=tuple(own),
        title=title_above(box, outside, height),
        notes=notes_below(box, outside, height),
    )
