"""The Summary sheet: where each table comes from and what stood around it."""

from __future__ import annotations

from collections.abc import Sequence

from app.tables.text import clean, one_line
from app.workbook.placed import PlacedTable
from app.workbook.placement import address
from app.workbook.plan import PlannedCell, PlannedSheet, SourceTables
from app.workbook.sheets import header_cells, number_cell, text_cell

NAME = "Summary"
_COLUMNS = ("Sheet", "Image", "Page", "Title", "Rows", "Columns", "Notes", "Engine")


def summary_sheet(
    tables: Sequence[PlacedTable], images: Sequence[SourceTables], remarks: Sequence[str] = ()
) -> PlannedSheet:
    """A row for each table, then one for each warning of an image and each remark about the workbook."""
    cells = header_cells(_COLUMNS)
    for row, table in enumerate(tables, 1):
        cells += [_cell(row, col, value) for col, value in enumerate(_values(table))]
        sheet = table.placement.sheet
        cells[-len(_COLUMNS)] = text_cell(row, 0, sheet, link=address(sheet, table.first_place))
    told = [("Warning", image.filename, warning) for image in images for warning in image.warnings]
    told += [("Note", "", remark) for remark in remarks]
    for row, (kind, image, sentence) in enumerate(told, len(tables) + 2):
        texts = {0: kind, 1: one_line(image), 3: clean(sentence)}
        cells += [text_cell(row, col, text) for col, text in texts.items()]
    return PlannedSheet(NAME, tuple(cells), freeze_rows=1)


def _values(placed: PlacedTable) -> tuple[str | int, ...]:
    origin, table = placed.origin, placed.origin.table
    return (
        placed.placement.sheet,
        one_line(origin.source.filename),
        origin.page if origin.page == origin.last_page else f"{origin.page}–{origin.last_page}",
        one_line(table.title),
        table.rows,
        table.cols,
        "\n".join(one_line(note) for note in table.notes),
        origin.source.engine,
    )


def _cell(row: int, col: int, value: str | int) -> PlannedCell:
    return number_cell(row, col, value, "0") if isinstance(value, int) else text_cell(row, col, value)
