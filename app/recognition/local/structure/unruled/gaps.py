"""The grid that the white between words draws: columns by gutters, rows by text lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.recognition.local.evidence import GridHypothesis, Ruling, Word
from app.recognition.local.structure.unruled.columns import column_bounds
from app.recognition.local.structure.unruled.lines import character_height, text_lines
from app.recognition.local.structure.unruled.rows import Lines, row_bounds, ruled_row_bounds
from app.recognition.local.structure.unruled.spans import spanning_cells
from app.recognition.local.structure.unruled.stub import lines_beside_stub, stub_columns
from app.tables.geometry import Box


def from_gaps(
    words: Sequence[Word],
    box: Box,
    rulings: Sequence[Ruling],
    *,
    proposal: GridHypothesis | None = None,
    rows_by_rulings: bool = False,
) -> GridHypothesis | None:
    """The grid of the words in ``box``; None without words.

    ``proposal``, of another source, then weighs in with the words; its spans stay where its shape does. With
    ``rows_by_rulings`` rows end at rulings alone, None where too few are there. All is in pixels of one
    page.
    """
    if not words:
        return None
    height = character_height(words)
    proposed_cols = proposal.col_bounds[1:-1] if proposal else ()
    proposed_rows = proposal.row_bounds[1:-1] if proposal else ()
    cols = column_bounds(text_lines(words, height), box, height, rulings, proposed_cols)
    stub = stub_columns(words, cols, height)
    lines = lines_beside_stub(words, cols, stub, height)
    region = Lines(lines, cols, rulings, box, height, proposed_rows)
    rows = ruled_row_bounds(region) if rows_by_rulings else row_bounds(region)
    if rows is None:
        return None
    source = "gaps+rulings" if rows_by_rulings else f"gaps+{proposal.source}" if proposal else "gaps"
    grid = GridHypothesis(rows, cols, source=source)
    if proposal and (grid.rows, grid.cols) == (proposal.rows, proposal.cols):
        return replace(grid, spans=proposal.spans, header_rows=proposal.header_rows)
    return spanning_cells(grid, words, rulings, height)
