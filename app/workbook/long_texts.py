"""Texts too long for a cell: it holds the beginning, a sheet of its own the whole in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.tables.text import clean
from app.workbook.placed import PlacedTable, ShownCell
from app.workbook.placement import address, cell_name
from app.workbook.plan import PlannedSheet
from app.workbook.sheets import header_cells, number_cell, text_cell
from app.workbook.typed_value import CONTINUED, is_too_long, pieces

_COLUMNS = ("Sheet", "Cell", "Piece", "Text")


def long_cells(tables: Iterable[PlacedTable]) -> Iterator[tuple[PlacedTable, ShownCell]]:
    """The cells whose text is longer than a worksheet's cell takes."""
    for table in tables:
        for shown in table.shown:
            if is_too_long(shown.cell.text) and is_too_long(clean(shown.cell.text)):
                yield table, shown


def continued_sheet(tables: Sequence[PlacedTable]) -> PlannedSheet | None:
    """Each long text in pieces below one another; together they are the text. None where there is none."""
    cells = header_cells(_COLUMNS)
    row = 0
    for table, shown in long_cells(tables):
        sheet, place = table.placement.sheet, shown.place
        for number, piece in enumerate(pieces(clean(shown.cell.text)), 1):
            row += 1
            cells += [
                text_cell(row, 0, sheet),
                text_cell(row, 1, cell_name(place), link=address(sheet, place)),
                number_cell(row, 2, number, "0"),
                text_cell(row, 3, piece),
            ]
    return PlannedSheet(CONTINUED, tuple(cells), freeze_rows=1) if row else None
