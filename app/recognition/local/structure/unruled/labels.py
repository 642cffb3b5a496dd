"""Labels that a grid was given cells over several rows for: where they stand tells which rows those are.

A label in the middle of its rows reaches as far up as down, to the rulings beside it. One level with a row
may stand in that row alone: below an empty place of the header, or above the empty places of a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from app.recognition.local.evidence import GridHypothesis, Ruling, Span, Word
from app.recognition.local.structure.unruled.drawn import Drawn, drawn_on
from app.recognition.local.structure.unruled.layout import Layout, Piece, layout_of

_LEVEL = 0.2
"""Middles this near, in character heights, stand on one line."""
_OFF = 0.8
"""Middles so far apart stand on two."""
_MIDDLE = 0.3
"""Distance of a label from the middle of its rows, in character heights."""


def with_labels(
    grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling], height: float
) -> GridHypothesis:
    """The grid with cells over several rows of one column where their labels ask for them.

    ``height``: character height.
    """
    if not any(span.row_span > 1 for span in grid.spans):
        return grid
    drawn = drawn_on(grid, rulings, height)
    layout = layout_of(grid, words, drawn, height)
    given = _Labels(grid.spans, layout, drawn)
    cut = [given.cut(span) for span in grid.spans]
    labels = _Labels([span for span in cut if span.row_span > 1 or span.col_span > 1], layout, drawn)
    settled = (labels.settled(span) for span in labels.spans)
    return replace(grid, spans=tuple(span for span in settled if span))


class _Labels:
    """The texts of one grid that stand in one column."""

    def __init__(self, spans: Sequence[Span], layout: Layout, drawn: Drawn) -> None:
        self._layout, self._drawn = layout, drawn
        self._rows = len(layout.rows)
        self._texts = {(p.row, p.cols[0]): p for row in layout.rows for p in row if p.cols[0] == p.cols[1]}
        self.spans = spans
        self._tall = [span for span in spans if span.row_span > 1 and span.col_span == 1]

    def settled(self, span: Span) -> Span | None:
        """The cell as its label asks for it; None where that stands in one row."""
        label = self._label(span)
        if label is None:
            return span
        if span.row < self._layout.header:
            return None if self._is_low(label, span) else span
        if self._is_mark(label, span.col) or self._is_first_of_group(label, span):
            return None
        return self._centered(label, span)

    def cut(self, span: Span) -> Span:
        """The part of the cell that holds its label, between rulings through the table."""
        label = self._label(span)
        if label is None:
            return span
        through = [row + 1 for row in _rows(span)[:-1] if self._drawn.below[row].all()]
        edges = [span.row, *through, span.row + span.row_span]
        first = max(edge for edge in edges if edge <= label.row)
        last = min(edge for edge in edges if edge > label.row)
        return Span(first, span.col, last - first, 1)

    def _label(self, span: Span) -> Piece | None:
        """The only text of a cell over several rows of one column."""
        own = [text for row in _rows(span) if (text := self._texts.get((row, span.col)))]
        return own[0] if span in self._tall and len(own) == 1 else None

    def _is_low(self, label: Piece, span: Span) -> bool:
        """True for a column name level with those of the last line of the header and none above."""
        far = [self._distance(label, row) for row in _rows(span)]
        near, off = _LEVEL * self._layout.height, _OFF * self._layout.height
        return (
            span.row == 0 and far[-1] < near and all(off < distance < float("inf") for distance in far[:-1])
        )

    def _is_mark(self, label: Piece, col: int) -> bool:
        """True where the column says nothing else, in single rows too: it marks rows and names no group."""
        texts = [
            text.text for (row, at), text in self._texts.items() if at == col and row >= self._layout.header
        ]
        tall = sum(span.col == col and span.row >= self._layout.header for span in self._tall)
        return set(texts) == {label.text} and len(texts) > tall

    def _is_first_of_group(self, label: Piece, span: Span) -> bool:
        """True for a label level with a row below its cell's first, where the column's first label stands in
        the first row and leaves the next one empty: labels stand at the top of their groups."""
        first, col = self._layout.header, span.col
        top = self._texts.get((first, col))
        if top is None or top.between or (first + 1, col) in self._texts or self._drawn.below[first, col]:
            return False
        is_single = all(one.row != first for one in self._tall if one.col == col)
        near = self._distance(label, label.row) < _LEVEL * self._layout.height
        return is_single and near and label.row > span.row

    def _centered(self, label: Piece, span: Span) -> Span:
        """From ruling to ruling, where the label stands in the middle of that, and nearer to it."""
        low, high = span.row, span.row + span.row_span - 1
        while low > self._layout.header and not self._ends(low - 1, span) and self._is_free(low - 1, span):
            low -= 1
        while high + 1 < self._rows and not self._ends(high, span) and self._is_free(high + 1, span):
            high += 1
        begins = low == self._layout.header or self._ends(low - 1, span)
        ends = high + 1 == self._rows or self._ends(high, span)
        off = self._off_middle(label, low, high)
        is_nearer = off < self._off_middle(label, span.row, span.row + span.row_span - 1)
        if begins and ends and is_nearer and off < _MIDDLE * self._layout.height:
            return Span(low, span.col, high - low + 1, 1)
        return span

    def _ends(self, row: int, span: Span) -> bool:
        """True where a ruling lies below the row."""
        return bool(self._drawn.below[row, span.col])

    def _is_free(self, row: int, span: Span) -> bool:
        taken = any(
            row in _rows(other) and other.col <= span.col < other.col + other.col_span
            for other in self.spans
            if other is not span
        )
        return not taken and (row, span.col) not in self._texts

    def _off_middle(self, label: Piece, first: int, last: int) -> float:
        lines = self._layout.lines
        return abs(label.box.center[1] - (lines[first].low + lines[last].high) / 2)

    def _distance(self, label: Piece, row: int) -> float:
        """Of the middles of the label and of the row's other texts; infinite without any."""
        others = [p.box.center[1] for p in self._layout.rows[row] if p is not label and not p.between]
        return abs(label.box.center[1] - median(others)) if others else float("inf")


def _rows(span: Span) -> range:
    return range(span.row, span.row + span.row_span)
