"""Cells over several rows whose rows each have a text line of their own are one cell a row."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from app.recognition.local.evidence import GridHypothesis, Span, Word
from app.recognition.local.structure.unruled.boundaries import goes_on
from app.recognition.local.structure.unruled.columns import columns_of
from app.recognition.local.structure.unruled.lines import TextLine, text_lines

_LEVEL = 0.25
"""Middles this near, in character heights, stand on one line."""


def with_own_lines(grid: GridHypothesis, words: Sequence[Word], height: float) -> GridHypothesis:
    """The grid without spans down a column below the header, where none of them holds one text: every row of
    each has a line level with the words beside it, and no line goes on below. ``height``: character height.

    A column that names groups of rows has names at the middle of theirs.
    """
    tall = [span for span in grid.spans if span.row_span > 1 and span.row >= grid.header_rows]
    wrong: set[Span] = set()
    for col in {span.col for span in tall}:
        here = [span for span in tall if span.col == col]
        if all(_is_rows(grid, span, words, height) for span in here):
            wrong.update(here)
    spans = (_rows(span) if span in wrong else (span,) for span in grid.spans)
    return replace(grid, spans=tuple(one for part in spans for one in part)) if wrong else grid


def _rows(span: Span) -> tuple[Span, ...]:
    """What is left of the span in each row."""
    return tuple(
        Span(span.row + i, span.col, 1, span.col_span) for i in range(span.row_span) if span.col_span > 1
    )


def _is_rows(grid: GridHypothesis, span: Span, words: Sequence[Word], height: float) -> bool:
    own, beside = list[Word](), list[Word]()
    for word in words:
        x, y = word.box.center
        row, col = columns_of(y, y, grid.row_bounds, 0)[0], columns_of(x, x, grid.col_bounds, 0)[0]
        if span.row <= row < span.row + span.row_span:
            (own if span.col <= col < span.col + span.col_span else beside).append(word)
    lines = text_lines(own, height)
    return (
        [columns_of(line.center, line.center, grid.row_bounds, 0)[0] - span.row for line in lines]
        == list(range(span.row_span))
        and all(_is_level(line, beside, height) for line in lines)
        and not any(goes_on(a.words[-1].text, b.words[0].text) for a, b in itertools.pairwise(lines))
    )


def _is_level(line: TextLine, beside: Sequence[Word], height: float) -> bool:
    return any(abs(word.box.center[1] - line.center) < _LEVEL * height for word in beside)
