"""The Review sheet: a row for each doubtful cell, with a link to it and its part of the source image."""

from __future__ import annotations

from collections.abc import Sequence

from app.tables.geometry import Box
from app.tables.text import clean
from app.workbook.doubt import Doubt
from app.workbook.placement import address, cell_name
from app.workbook.plan import Cutout, PlannedCell, PlannedImage, PlannedSheet
from app.workbook.sheets import header_cells, number_cell, text_cell

NAME = "Review"
_COLUMNS = ("Sheet", "Cell", "Image", "Read", "Other readings", "Confidence", "Why")
_IMAGE = _COLUMNS.index("Image")
_MARGIN = 0.25
"""Of the box's height, around it."""
_LINE_PX = 26
"""Pixels of the screen for a line of text in the image."""
_MOST_LINES = 5000
"""Rows; what a person looks through."""
_MOST_IMAGES = 500


def review_sheet(found: Sequence[Doubt]) -> PlannedSheet | None:
    """None where no cell is doubtful."""
    if not found:
        return None
    cells = header_cells(_COLUMNS)
    for row, doubt in enumerate(found[:_MOST_LINES], 1):
        cells += _line(row, doubt)
    if len(found) > _MOST_LINES:
        more = f"{len(found) - _MOST_LINES} more doubtful cells; they are marked in their sheets."
        cells.append(text_cell(_MOST_LINES + 1, 0, more))
    images = (_image(row, doubt) for row, doubt in enumerate(found[:_MOST_IMAGES], 1))
    return PlannedSheet(
        NAME, tuple(cells), freeze_rows=1, images=tuple(image for image in images if image is not None)
    )


def _line(row: int, doubt: Doubt) -> list[PlannedCell]:
    cell, sheet, place = doubt.shown.cell, doubt.table.placement.sheet, doubt.shown.place
    sure = cell.confidence
    return [
        text_cell(row, 0, sheet),
        text_cell(row, 1, cell_name(place), link=address(sheet, place)),
        text_cell(row, _IMAGE, ""),
        text_cell(row, 3, clean(cell.text)),
        text_cell(row, 4, "\n".join(map(clean, cell.alternatives))),
        text_cell(row, 5, "") if sure is None else number_cell(row, 5, round(sure, 4), "0%"),
        text_cell(row, 6, doubt.reasons),
    ]


def _image(row: int, doubt: Doubt) -> PlannedImage | None:
    cell, origin = doubt.shown.cell, doubt.table.origin
    if cell.box is None or not cell.box.area:
        return None
    page = origin.source.page_of(origin.index, cell.row)
    cutout = Cutout(origin.source.position, page, _with_margin(cell.box))
    described = f"{origin.source.filename}, page {page}: {clean(cell.text)}"
    return PlannedImage(row, _IMAGE, cutout, _LINE_PX, described)


def _with_margin(box: Box) -> Box:
    margin = _MARGIN * min(box.height, box.width)
    return Box(max(0.0, box.x0 - margin), max(0.0, box.y0 - margin), box.x1 + margin, box.y1 + margin)
