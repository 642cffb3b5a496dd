"""The table regions of a page: where rulings show one, and where text lines read as rows."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.evidence import Ruling, Word
from app.recognition.local.regions.growth import Draft, framed, grown, joined
from app.recognition.local.regions.meshes import is_inside
from app.recognition.local.regions.prose import Layout, find_prose
from app.recognition.local.regions.region import Region
from app.recognition.local.regions.runs import Line, runs
from app.recognition.local.regions.seeds import find_seeds, holds
from app.recognition.local.regions.surroundings import surroundings

_FRAMED_ROWS = 5
"""Fewer rows in a frame are labels or the legend of a chart."""


def find_regions(words: Sequence[Word], rulings: Sequence[Ruling], height: float) -> list[Region]:
    """All table regions, top to bottom, then left to right. ``height``: character height, in pixels."""
    layout = find_prose(words, rulings, height)
    seeds = find_seeds(rulings, words, layout.prose, height)
    drafts = joined([framed(box, words, height) for box in seeds.tables], height)
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
    """Runs of the band between the drafts that stand in it."""
    found: list[list[Line]] = []
    edges = sorted({y for draft in drafts for y in (draft.box.y0, draft.box.y1)})
    for low, high in zip([float("-inf"), *edges], [*edges, float("inf")], strict=True):
        found += runs([w for w in band if low <= w.box.center[1] < high], height)
    return found


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
