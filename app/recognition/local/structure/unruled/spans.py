"""Spanning cells of a grid, from where its texts stand and what rulings say."""

from __future__ import annotations

from collections.abc import Sequence
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
) -> GridHypothesis:
    """The grid with those cells merged that one text needs. ``height``: character height."""
    drawn = drawn_on(grid, rulings, height)
    layout = layout_of(grid, words, drawn, height)
    across = Across(layout, drawn)
    wide = [
        Span(row, cell.first, 1, cell.last - cell.first + 1)
        for row in range(grid.rows)
        for cell in across.cells(row)
        if cell.piece and cell.last > cell.first
    ]
    down = Down(layout, drawn, wide)
    tall = [span for col in range(grid.cols) for span in down.spans(col)]
    spans = sorted([*wide, *tall], key=lambda span: (span.row, span.col))
    return replace(grid, spans=tuple(spans), header_rows=layout.header)
