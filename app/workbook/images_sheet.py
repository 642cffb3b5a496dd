"""The Images sheet: every page that tables stand on, once."""

from __future__ import annotations

from collections.abc import Sequence

from app.tables.text import one_line
from app.workbook.placed import PlacedTable
from app.workbook.plan import CellRole, Cutout, PlannedImage, PlannedSheet
from app.workbook.sheets import text_cell

NAME = "Images"


def images_sheet(tables: Sequence[PlacedTable]) -> PlannedSheet:
    """The pages below one another, each under a line that names it, in a row of its own."""
    pages = {
        (table.origin.source.position, page): one_line(table.origin.source.filename)
        for table in tables
        for page in range(table.origin.page, table.origin.last_page + 1)
    }
    lines = [(image, page, f"{name}, page {page}") for (image, page), name in sorted(pages.items())]
    return PlannedSheet(
        NAME,
        tuple(text_cell(2 * n, 0, line, CellRole.TITLE) for n, (_, _, line) in enumerate(lines)),
        images=tuple(
            PlannedImage(2 * n + 1, 0, Cutout(image, page), description=line)
            for n, (image, page, line) in enumerate(lines)
        ),
    )
