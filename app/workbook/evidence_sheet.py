"""The Evidence sheet: for every cell what was read where, by what, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from app.tables.text import clean
from app.workbook.placed import PlacedTable, ShownCell
from app.workbook.placement import cell_name
from app.workbook.plan import CellValue, PlannedCell, PlannedSheet
from app.workbook.sheets import header_cells, number_cell, text_cell

NAME = "Evidence"
_COLUMNS = (
    *("Sheet", "Cell", "Read", "Text", "Value", "Type", "Confidence"),
    *("Image", "Page", "Left", "Top", "Right", "Bottom", "Source"),
)
_MOST_LINES = 1_000_000
"""A sheet has little more rows."""


def evidence_sheet(tables: Sequence[PlacedTable]) -> PlannedSheet:
    """A row for each cell, in the order of the sheets."""
    cells = header_cells(_COLUMNS)
    lines = ((table, shown) for table in tables for shown in table.shown)
    row = 0
    for row, (table, shown) in enumerate(islice(lines, _MOST_LINES), 1):
        cells += _line(row, table, shown)
    if next(lines, None) is not None:
        cells.append(text_cell(row + 1, 0, "More cells do not fit here; the format json has all of them."))
    return PlannedSheet(NAME, tuple(cells), freeze_rows=1)


def _line(row: int, table: PlacedTable, shown: ShownCell) -> Iterator[PlannedCell]:
    cell, typed, origin = shown.cell, shown.typed, table.origin
    text = clean(cell.text)
    yield text_cell(row, 0, table.placement.sheet)
    yield text_cell(row, 1, cell_name(shown.place))
    yield text_cell(row, 2, text if cell.raw_text is None else clean(cell.raw_text))
    yield text_cell(row, 3, text)
    align = "left" if typed.is_text else "right"
    yield PlannedCell(row, 4, typed.value, text, typed.number_format, align=align)
    yield text_cell(row, 5, _kind(typed.value))
    if cell.confidence is not None:
        yield number_cell(row, 6, round(cell.confidence, 4), "0.0%")
    yield text_cell(row, 7, origin.source.filename)
    yield number_cell(row, 8, origin.source.page_of(origin.index, cell.row), "0")
    if cell.box is not None:
        corners = (cell.box.x0, cell.box.y0, cell.box.x1, cell.box.y1)
        for col, corner in enumerate(corners, 9):
            yield number_cell(row, col, round(corner, 1), "0")
    yield text_cell(row, 13, _source(cell.raw_text is not None, origin.source.engine))


def _kind(value: CellValue) -> str:
    if value is None:
        return "empty"
    if isinstance(value, str):
        return "text"
    return "number" if isinstance(value, int | float) else "date or time"


def _source(repaired: bool, engine: str) -> str:
    return ", ".join(part for part in (engine, "repaired" if repaired else "") if part)
