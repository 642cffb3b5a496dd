"""From a region and its chosen grid to a table."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.local.alignment import alignments
from app.recognition.local.columns.repair import with_columns
from app.recognition.local.fill import FilledCell, fill
from app.recognition.local.headers import header_rows
from app.recognition.local.indents import indents
from app.recognition.local.looks.seen import looks
from app.recognition.local.preparing.prepare import Prepared
from app.recognition.local.regions.region import Region
from app.recognition.local.structure.choice import Choice
from app.recognition.local.trust.confidence import Confidence, confidences
from app.recognition.local.trust.judged import Judged
from app.tables.grid import Align, Cell, Look, Table

_Seen = tuple[Align | None, int, Look | None]
"""Alignment, indentation and what stands out."""


def build_table(
    region: Region, choice: Choice, height: float, sheet: Prepared, confidence: Confidence | None = None
) -> Table | None:
    """The table in pixels of the prepared page; None when no cell holds text or only one does.

    Rows and columns without any text are left out. ``sheet``: the prepared page; ``confidence``: what is
    asked instead of the fitted model.
    """
    grid = choice.grid
    filled = fill(region.words, grid, height)
    if sum(bool(cell.text) for cell in filled) < 2:
        return None
    rows = _kept([(c.place.row, c.place.row_span) for c in filled if c.text], grid.rows)
    cols = _kept([(c.place.col, c.place.col_span) for c in filled if c.text], grid.cols)
    header = header_rows(filled, grid.rows)
    filled = with_columns(filled, header)
    trust = confidences(Judged(region, choice, filled, header, height, sheet.pixels), confidence)
    aligned = alignments(filled, header, height)
    from_left = [cell for cell in filled if aligned.get(cell.place, Align.LEFT) is Align.LEFT]
    depth = indents(from_left, header, height)
    shown = looks(sheet, filled, height)
    placed = [
        _cell(
            item, rows, cols, sure, (aligned.get(item.place), depth.get(item.place, 0), shown.get(item.place))
        )
        for item, sure in zip(filled, trust, strict=True)
    ]
    cells = [cell for cell in placed if cell is not None]
    headers = sum(row < header for row in rows)
    return Table.from_cells(
        cells,
        rows=len(rows),
        cols=len(cols),
        header_rows=min(headers, len(rows)),
        title=region.title,
        notes=region.notes,
    )


def _kept(occupied: Sequence[tuple[int, int]], count: int) -> list[int]:
    """Indices that a cell with text covers and that at least one such cell needs: a row that only spanning
    cells cross adds nothing."""
    begun = {start for start, _ in occupied}
    return [index for index in range(count) if index in begun]


def _cell(
    item: FilledCell, rows: Sequence[int], cols: Sequence[int], confidence: float, seen: _Seen
) -> Cell | None:
    place = item.place
    held_rows = [i for i, row in enumerate(rows) if place.row <= row < place.row + place.row_span]
    held_cols = [i for i, col in enumerate(cols) if place.col <= col < place.col + place.col_span]
    if not held_rows or not held_cols:
        return None
    return Cell(
        row=held_rows[0],
        col=held_cols[0],
        text=item.text,
        row_span=len(held_rows),
        col_span=len(held_cols),
        box=item.box,
        confidence=confidence,
        raw_text=item.raw_text,
        alternatives=item.alternatives,
        align=seen[0],
        indent=seen[1],
        look=seen[2],
    )
