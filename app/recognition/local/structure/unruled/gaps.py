"""The grid that the white between words draws: columns by gutters, rows by text lines."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.local.evidence import GridHypothesis, Ruling, Word
from app.recognition.local.structure.unruled.columns import column_bounds
from app.recognition.local.structure.unruled.lines import character_height, text_lines
from app.recognition.local.structure.unruled.rows import RowEvidence, row_bounds
from app.recognition.local.structure.unruled.spans import spanning_cells
from app.tables.geometry import Box


def from_gaps(
    words: Sequence[Word],
    box: Box,
    rulings: Sequence[Ruling],
    *,
    cols: Sequence[float] = (),
    proposed_rows: Sequence[float] = (),
    source: str = "gaps",
) -> GridHypothesis | None:
    """The grid of the words in ``box``; None without words.

    ``cols`` are column boundaries to take instead of own ones, ``proposed_rows`` the y of row boundaries that
    another source believes in. Words, box and rulings are in the same pixels.
    """
    if not words:
        return None
    height = character_height(words)
    lines = text_lines(words, height)
    cols = tuple(cols) or column_bounds(lines, box, height, rulings)
    rows = row_bounds(RowEvidence(lines, cols, rulings, box, height, proposed_rows))
    return spanning_cells(GridHypothesis(rows, tuple(cols), source=source), words, rulings, height)
