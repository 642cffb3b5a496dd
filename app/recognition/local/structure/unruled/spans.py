"""Spanning cells of a grid, from where its texts stand and what rulings say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.recognition.local.evidence import GridHypothesis, Ruling, Span, Word
from app.recognition.local.structure.unruled.across import Across
from app.recognition.local.structure.unruled.down import Down
from app.recognition.local.structure.unruled.drawn import drawn_on
from app.recognition.local.structure.unruled.layout import layout_of


def spanning_cells(
    grid: GridHypothesis,
    words: Sequence[Word],
    rulings: Sequence[Ruling],
    height: float,
    seen: Collection[Span] | None = None,
) -> GridHypothesis:
    """The grid with those cells merged that one text needs. ``height``: character height.

    ``seen``: spanning cells that another source sees on the same grid; None: no source was asked.
    """
    drawn = drawn_on(grid, rulings, height)
    layout = layout_of(grid, words, drawn, height)
    votes = None if seen is None else {(s.row, s.col, s.col + s.col_span - 1) for s in seen}
    across = Across(layout, drawn, votes)
    wide = [
        Span(row, cell.first, 1, cell.last - cell.first + 1)
        for row in range(grid.rows)
        for cell in across.cells(row)
        if cell.piece and cell.last > cell.first
    ]
    votes = None if seen is None else {(s.col, s.row, s.row + s.row_span - 1) for s in seen}
    down = Down(layout, drawn, wide, votes)
    tall = [span for col in range(grid.cols) for span in down.spans(col)]
    spans = sorted([*wide, *tall], key=lambda span: (span.row, span.col))
    return replace(grid, spans=tuple(spans), header_rows=layout.header)
