"""From the boxes that SLANet drew, which are rough, to boundaries between the words that they hold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.local.evidence import GridHypothesis, Span, Word
from app.recognition.local.structure.unruled.tags import Structure, StructureCell
from app.tables.geometry import Box


@dataclass(frozen=True, slots=True)
class _Interval:
    """A word along one axis, with the first and last row (or column) of its cell."""

    low: float
    high: float
    first: int
    last: int

    @property
    def center(self) -> float:
        return (self.low + self.high) / 2


def anchor(structure: Structure, words: Sequence[Word], box: Box) -> GridHypothesis | None:
    """The structure with boundaries that lie between words; rows and columns without a word are dropped.

    Word and structure boxes are in the same pixels as ``box``. None where fewer than two
    cells stay.
    """
    owners = [(word, _owner(word.box, structure.cells).place) for word in words] if structure.cells else []
    rows = _kept(structure.rows, [(place.row, place.row_span) for _, place in owners])
    cols = _kept(structure.cols, [(place.col, place.col_span) for _, place in owners])
    if len(rows) * len(cols) < 2:
        return None
    downward = [_Interval(w.box.y0, w.box.y1, *_ends(rows, p.row, p.row_span)) for w, p in owners]
    across = [_Interval(w.box.x0, w.box.x1, *_ends(cols, p.col, p.col_span)) for w, p in owners]
    col_bounds = _bounds(across, len(cols), box.x0, box.x1)
    held: dict[Span, Box] = {}
    for word, place in owners:
        held[place] = held[place].union(word.box) if place in held else word.box
    return GridHypothesis(
        row_bounds=_bounds(downward, len(rows), box.y0, box.y1),
        col_bounds=col_bounds,
        spans=_spans(held, structure.cells, rows, cols, col_bounds),
        header_rows=sum(row < structure.header_rows for row in rows),
        source="slanet",
    )


def _owner(box: Box, cells: Sequence[StructureCell]) -> StructureCell:
    """The cell whose box shares most with the word's; the nearest one where none touches it."""

    def nearness(cell: StructureCell) -> tuple[float, float]:
        shared = box.overlap(cell.box)
        union = box.area + cell.box.area - shared
        corners = abs(box.x0 - cell.box.x0) + abs(box.x1 - cell.box.x1)
        return shared / max(1.0, union), -corners - abs(box.y0 - cell.box.y0) - abs(box.y1 - cell.box.y1)

    return max(cells, key=nearness)


def _kept(count: int, places: Sequence[tuple[int, int]]) -> list[int]:
    """Indices of the rows (columns) in which a word of an unspanned cell stands."""
    filled = {start for start, span in places if span == 1}
    return [index for index in range(count) if index in filled]


def _ends(kept: Sequence[int], start: int, span: int) -> tuple[int, int]:
    """First and last index among the kept ones that the cell covers."""
    inside = [i for i, index in enumerate(kept) if start <= index < start + span]
    if inside:
        return inside[0], inside[-1]
    nearest = min(range(len(kept)), key=lambda i: abs(kept[i] - start))
    return nearest, nearest


def _bounds(intervals: Sequence[_Interval], count: int, low: float, high: float) -> tuple[float, ...]:
    """``count + 1`` ascending boundaries with the fewest words on a wrong side."""
    bounds = [min(low, *(interval.low for interval in intervals))]
    end = max(high, *(interval.high for interval in intervals))
    for index in range(1, count):
        least = bounds[-1] + 1e-3
        place = _separator(
            [i for i in intervals if i.last < index], [i for i in intervals if i.first >= index]
        )
        bounds.append(max(place, least))
    return (*bounds, max(end, bounds[-1] + 1e-3))


def _separator(before: Sequence[_Interval], after: Sequence[_Interval]) -> float:
    """The place that puts most centers on their side; of equal ones the middle of the widest gap."""
    before_ends = max((i.high for i in before), default=None)
    after_starts = min((i.low for i in after), default=None)
    if before_ends is not None and after_starts is not None and before_ends <= after_starts:
        return (before_ends + after_starts) / 2
    centers = sorted({i.center for i in (*before, *after)})
    places = [(a + b) / 2 for a, b in itertools.pairwise(centers)] or centers

    def faults(place: float) -> tuple[int, float]:
        wrong = sum(i.center > place for i in before) + sum(i.center < place for i in after)
        cut = sum(max(0.0, min(i.high - place, place - i.low)) for i in (*before, *after))
        return wrong, cut

    return min(places, key=faults)


def _spans(
    held: dict[Span, Box],
    cells: Sequence[StructureCell],
    rows: Sequence[int],
    cols: Sequence[int],
    col_bounds: Sequence[float],
) -> tuple[Span, ...]:
    """The spanning cells that still span something on the kept rows and columns. ``held``: boxes of texts."""
    found: list[Span] = []
    for place in (cell.place for cell in cells):
        covered_rows = [i for i, row in enumerate(rows) if place.row <= row < place.row + place.row_span]
        covered = [i for i, col in enumerate(cols) if place.col <= col < place.col + place.col_span]
        if covered and place in held:
            covered = _under(held[place], covered, col_bounds)
        if len(covered_rows) * len(covered) > 1:
            found.append(Span(covered_rows[0], covered[0], len(covered_rows), len(covered)))
    return tuple(found)


def _under(text: Box, cols: Sequence[int], bounds: Sequence[float]) -> Sequence[int]:
    """The columns without the leading ones that the text stands clear of, where it is centered on the rest.

    A header group otherwise takes in the stub beside it.
    """
    clear = [i for i, col in enumerate(cols) if i and text.x0 > bounds[col]]
    kept = [cols[i:] for i in clear] + [cols]
    best = min(kept, key=lambda some: _off_center(text, some, bounds))
    return best if _off_center(text, best, bounds) < _off_center(text, cols, bounds) / 3 else cols


def _off_center(text: Box, cols: Sequence[int], bounds: Sequence[float]) -> float:
    return abs(text.center[0] - (bounds[cols[0]] + bounds[cols[-1] + 1]) / 2)
