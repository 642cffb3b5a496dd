"""Spanning cells: header groups over their children, section rows, words that lie across gutters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.recognition.local.evidence import GridHypothesis, Ruling, Span, Word
from app.recognition.local.structure.unruled.columns import columns_of


def spanning_cells(
    grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling], height: float
) -> GridHypothesis:
    """The grid with the cells merged that one text needs."""
    spans: list[Span] = []
    for word in words:
        row = columns_of(word.box.center[1], word.box.center[1], grid.row_bounds, 0)[0]
        first, last = columns_of(word.box.x0, word.box.x1, grid.col_bounds, 0.4 * height)
        if last > first:
            spans.append(Span(row, first, 1, last - first + 1))
    return replace(grid, spans=_merged(spans))


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans of one row that overlap become one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.row, span.col)):
        last = kept[-1] if kept else None
        if last and last.row == span.row and span.col < last.col + last.col_span:
            end = max(last.col + last.col_span, span.col + span.col_span)
            kept[-1] = Span(last.row, last.col, 1, end - last.col)
        else:
            kept.append(span)
    return tuple(kept)
