"""The table regions of a page: where rulings show one, and where text lines read as rows."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.evidence import Ruling, Word
from app.recognition.local.lines import box_of
from app.recognition.local.regions.beside import split_at
from app.recognition.local.regions.captions import is_title
from app.recognition.local.regions.growth import Draft, framed, grown
from app.recognition.local.regions.meshes import is_inside
from app.recognition.local.regions.prose import Layout, find_prose
from app.recognition.local.regions.region import Region
from app.recognition.local.regions.runs import Line, runs
from app.recognition.local.regions.seeds import find_seeds, holds
from app.recognition.local.regions.surroundings import surroundings

_TITLES = 5.0
"""Two titles stand within so many character heights of two tables beside each other."""
_FRAMED_ROWS = 5
"""Fewer rows in a frame are labels or the legend of a chart."""


def find_regions(words: Sequence[Word], rulings: Sequence[Ruling], height: float) -> list[Region]:
    """All table regions, top to bottom, then left to right. ``height``: character height, in pixels."""
    layout = find_prose(words, rulings, height)
    seeds = find_seeds(rulings, words, layout.prose, height)
    drafts = [framed(box, words, rulings, height) for box in seeds.tables]
    taken = {id(word) for draft in drafts for line in draft.lines for word in line}
    taken.update(id(word) for word in words if any(holds(box, word) for box in seeds.figures))
    free = [word for word in words if id(word) not in layout.prose and id(word) not in taken]
    drafts = [grown(draft, free, layout, height, taken) for draft in drafts]
    regions = _described(drafts, words, rulings, height, taken)
    free = [word for word in free if id(word) not in taken]
    loose = [
        Draft(tuple(run), None)
        for band in _bands(free, layout)
        for run in _clear_runs(band, drafts, height)
        if len(run) >= _FRAMED_ROWS or not any(holds(frame, run[0][0]) for frame in seeds.frames)
    ]
    taken.update(id(word) for draft in loose for line in draft.lines for word in line)
    regions += _described(loose, words, rulings, height, taken)
    return sorted(regions, key=lambda region: (region.box.y0, region.box.x0))


def _bands(free: Sequence[Word], layout: Layout) -> list[list[Word]]:
    """The words of each text column."""
    bands: dict[tuple[int, ...], list[Word]] = {}
    for word in free:
        bands.setdefault(tuple(gutter.side(word.box) for gutter in layout.gutters), []).append(word)
    return list(bands.values())


def _clear_runs(band: Sequence[Word], drafts: Sequence[Draft], height: float) -> list[list[Line]]:
    """Runs of the band beside the drafts, and between those that stand in it."""
    found: list[list[Line]] = []
    for draft in drafts:
        taken = {id(word) for run in found for line in run for word in line}
        found += _runs_beside(draft, [word for word in band if id(word) not in taken], height)
    taken = {id(word) for run in found for line in run for word in line}
    edges = sorted({y for draft in drafts for y in (draft.box.y0, draft.box.y1)})
    for low, high in zip([float("-inf"), *edges], [*edges, float("inf")], strict=True):
        free = [word for word in band if low <= word.box.center[1] < high and id(word) not in taken]
        for run in runs(free, height):
            found += _parted(run, band, height)
    return found


def _runs_beside(draft: Draft, band: Sequence[Word], height: float) -> list[list[Line]]:
    """Runs left and right of the draft that reach into its height and into nothing above or below it."""
    box = draft.box
    found: list[list[Line]] = []
    for side in (
        [word for word in band if word.box.x1 <= box.x0],
        [word for word in band if word.box.x0 >= box.x1],
    ):
        for run in runs(side, height):
            place, own = box_of(word for line in run for word in line), {id(w) for line in run for w in line}
            others = [w for w in band if id(w) not in own and place.y0 < w.box.center[1] < place.y1]
            if min(place.y1, box.y1) - max(place.y0, box.y0) > 2 * height and not others:
                found += _parted(run, band, height)
    return found


def _parted(run: list[Line], band: Sequence[Word], height: float) -> list[list[Line]]:
    """The run, or the tables beside each other that it consists of."""
    words = [word for line in run for word in line]
    top = box_of(words).y0
    titles = [w.box for w in band if top - _TITLES * height < w.box.y0 < top and is_title(w.text)]
    at = split_at(words, titles, height)
    if at is None:
        return [run]
    sides = [[w for w in words if w.box.x0 < at], [w for w in words if w.box.x0 > at]]
    return [part for side in sides for half in runs(side, height) for part in _parted(half, band, height)]


def _described(
    drafts: Sequence[Draft], words: Sequence[Word], rulings: Sequence[Ruling], height: float, taken: set[int]
) -> list[Region]:
    """The drafts with their titles and notes, whose words are added to ``taken`` by their ``id``."""
    regions: list[Region] = []
    for draft in sorted(drafts, key=lambda draft: draft.box.y0):
        box = draft.box
        around = surroundings(box, [word for word in words if id(word) not in taken], height)
        taken.update(map(id, around.words))
        regions.append(
            Region(
                box=box,
                words=tuple(word for line in draft.lines for word in line),
                rulings=tuple(ruling for ruling in rulings if is_inside(ruling, box, height)),
                title=around.title,
                notes=around.notes,
            )
        )
    return regions
