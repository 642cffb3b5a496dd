"""From a region and its chosen grid to a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.recognition.local.confidence import UNREAD_CONFIDENCE, agreement, cell_confidence
from app.recognition.local.fill import FilledCell, fill
from app.recognition.local.headers import header_rows
from app.recognition.local.regions.region import Region
from app.recognition.local.structure.choice import Choice
from app.tables.grid import Cell, Table


def build_table(region: Region, choice: Choice, height: float) -> Table | None:
    """The table in pixels of the prepared page; None when no cell holds text or only one does.

    Rows and columns without any text are left out.
    """
    grid = choice.grid
    filled = fill(region.words, grid, height)
    if sum(bool(cell.text) for cell in filled) < 2:
        return None
    rows = _kept([(c.place.row, c.place.row_span) for c in filled if c.text], grid.rows)
    cols = _kept([(c.place.col, c.place.col_span) for c in filled if c.text], grid.cols)
    structure = agreement(grid, choice.others)
    placed = [(item, _cell(item, rows, cols, structure)) for item in filled]
    cells = [_doubted(cell, item, region) for item, cell in placed if cell is not None]
    headers = sum(row < header_rows(filled, grid.rows) for row in rows)
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


def _cell(item: FilledCell, rows: Sequence[int], cols: Sequence[int], structure: float) -> Cell | None:
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
        confidence=cell_confidence(item, structure),
    )


def _doubted(cell: Cell, item: FilledCell, region: Region) -> Cell:
    """An empty cell that holds ink is not known to be empty."""
    if cell.text or not any(item.box.overlap(ink) > 0.5 * ink.area for ink in region.unread):
        return cell
    return replace(cell, confidence=UNREAD_CONFIDENCE)
