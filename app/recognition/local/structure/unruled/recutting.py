"""Rows that a grid was given with several texts in one cell: they are cut as their texts stand.

The network at times makes one cell of all the column names, and so does text recognition where they stand
hardly more than a space apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.recognition.local.evidence import GridHypothesis, Ruling, Span, Word
from app.recognition.local.structure.unruled.across import Across
from app.recognition.local.structure.unruled.drawn import drawn_on
from app.recognition.local.structure.unruled.layout import FAR, Layout, layout_of
from app.recognition.local.structure.unruled.lines import text_lines

_NAMES = 3
"""Columns at least that are named by words a space apart."""


def recut(
    grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling], height: float
) -> GridHypothesis:
    """The grid with the cells of such rows as `Across` finds them. ``height``: character height."""
    crowded = [span for span in grid.spans if span.row_span == 1 and _is_crowded(span, grid, words, height)]
    if not crowded and not any(_may_name(span) for span in grid.spans):
        return grid
    drawn = drawn_on(grid, rulings, height)
    layout = layout_of(grid, words, drawn, height)
    grid = replace(grid, spans=tuple(span for span in grid.spans if not _names_columns(span, layout)))
    rows = {span.row for span in crowded if span in grid.spans}
    across = Across(layout, drawn)
    kept = [span for span in grid.spans if span.row not in rows or span.row_span > 1]
    taken = {(row, col) for span in kept if span.row_span > 1 for row, col in _places(span)}
    found = [
        span
        for row in rows
        for cell in across.cells(row)
        if cell.piece and cell.last > cell.first
        if taken.isdisjoint(_places(span := Span(row, cell.first, 1, cell.last - cell.first + 1)))
    ]
    return replace(grid, spans=tuple(sorted([*kept, *found], key=lambda span: (span.row, span.col))))


def _may_name(span: Span) -> bool:
    return span.row_span == 1 and span.col_span >= _NAMES


def _names_columns(span: Span, layout: Layout) -> bool:
    """True right above the body where each of at least three columns has words of its own: a text over all of
    them would hardly have its spaces where their gaps are."""
    if not _may_name(span) or span.row != layout.header - 1:
        return False
    inside = [
        piece.cols for piece in layout.rows[span.row] if span.col <= piece.cols[0] < span.col + span.col_span
    ]
    return inside == [(col, col) for col in range(span.col, span.col + span.col_span)]


def _places(span: Span) -> Iterable[tuple[int, int]]:
    rows, cols = range(span.row, span.row + span.row_span), range(span.col, span.col + span.col_span)
    return itertools.product(rows, cols)


def _is_crowded(span: Span, grid: GridHypothesis, words: Sequence[Word], height: float) -> bool:
    bounds = grid.col_bounds[span.col : span.col + span.col_span + 1]
    top, bottom = grid.row_bounds[span.row : span.row + 2]
    centers = ((word, *word.box.center) for word in words)
    inside = [word for word, x, y in centers if bounds[0] <= x < bounds[-1] and top <= y < bottom]
    return any(
        right.box.x0 - left.box.x1 > FAR * height
        for line in text_lines(inside, height)
        for left, right in itertools.pairwise(line.words)
    )
