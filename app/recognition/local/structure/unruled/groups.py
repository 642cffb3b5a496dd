"""Names over a short ruling, which ends where the columns do that they head; and corners that say nothing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from app.recognition.local.evidence import GridHypothesis, Ruling, Span, Word
from app.recognition.local.structure.unruled.drawn import Drawn, drawn_on
from app.recognition.local.structure.unruled.layout import Layout, layout_of

_SPACE = 0.8
"""Between the words of a name at most, in character heights."""
_LEVELS = 2
"""Rows below a name in which those of its columns may stand."""


def with_groups(
    grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling], height: float
) -> GridHypothesis:
    """The grid with the cells of its header over just the columns that a ruling below them runs across, and
    without empty cells over several rows or columns that no ruling draws. ``height``: character height.
    """
    drawn = drawn_on(grid, rulings, height)
    layout = layout_of(grid, words, drawn, height)
    spans = list(grid.spans)
    for row in range(grid.rows - 1):
        for first, last in drawn.under[row]:
            if last > first and _heads(layout, row, first, last):
                spans = [span for span in spans if not _meets(span, row, first, last)]
                spans.append(Span(row, first, 1, last - first + 1))
    kept = [span for span in spans if _is_filled(span, layout) or _is_drawn(span, drawn)]
    return replace(grid, spans=tuple(sorted(kept, key=lambda span: (span.row, span.col))))


def _heads(layout: Layout, row: int, first: int, last: int) -> bool:
    """True where one text stands over the columns, and one in each of them soon below it."""
    over = [piece for piece in layout.rows[row] if piece.cols[1] >= first and piece.cols[0] <= last]
    below = {piece.cols for line in layout.rows[row + 1 : row + 1 + _LEVELS] for piece in line}
    gaps = [right.box.x0 - left.box.x1 for left, right in itertools.pairwise(over)]
    return (
        bool(over)
        and max(gaps, default=0.0) < _SPACE * layout.height
        and first <= over[0].cols[0]
        and over[-1].cols[1] <= last
        and all((col, col) in below for col in range(first, last + 1))
    )


def _meets(span: Span, row: int, first: int, last: int) -> bool:
    rows = span.row <= row < span.row + span.row_span
    return rows and span.col <= last and first < span.col + span.col_span


def _is_filled(span: Span, layout: Layout) -> bool:
    return any(
        piece.cols[0] < span.col + span.col_span and piece.cols[1] >= span.col
        for row in range(span.row, span.row + span.row_span)
        for piece in layout.rows[row]
    )


def _is_drawn(span: Span, drawn: Drawn) -> bool:
    """True where a ruling stands right or left of the cell."""
    rows = slice(span.row, span.row + span.row_span)
    sides = [col for col in (span.col - 1, span.col + span.col_span - 1) if col >= 0]
    return bool(drawn.right[rows][:, [col for col in sides if col < drawn.right.shape[1]]].any())
