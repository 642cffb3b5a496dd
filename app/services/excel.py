"""Workbook plan → XLSX bytes.

Every cell is written with an explicit type: no text ever becomes a formula, a link or a number. Equal plans
give equal bytes.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# XlsxWriter brings hints without a marker for them, and some of its parameters have none.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import cast

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.errors import WorkbookTooLarge
from app.jobs.output_ports import Cutting
from app.services.excel_images import (
    MARGIN_PX,
    ShownImage,
    shown_images,
    with_image_heights,
    with_image_widths,
)
from app.services.excel_layout import filter_range, layout
from app.services.excel_styles import Styles
from app.workbook.checks.amounts import Position
from app.workbook.plan import CellRole, Cutout, PlannedCell, PlannedSheet, WorkbookPlan

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
MOST_COLS = 16_384
_CREATED = datetime(2000, 1, 1)
"""The time of making would make equal plans differ."""
_LONGEST_PAGE_HEAD = 250
"""Characters; Excel takes 255 with the codes."""


class ExcelWriter:
    """Writes workbooks."""

    def write(self, plan: WorkbookPlan, cuttings: Mapping[Cutout, Cutting] | None = None) -> bytes:
        """The workbook as the bytes of an .xlsx file. WorkbookTooLarge past Excel's limits.

        ``cuttings``: the images that the plan shows; where one is missing its place stays empty.
        """
        for sheet in plan.sheets:
            _check_limits(sheet)
        buffer = BytesIO()
        with Workbook(buffer, {"in_memory": True}) as workbook:
            workbook.set_properties({"title": plan.title, "created": _CREATED})
            styles = Styles(workbook)
            for sheet in plan.sheets:
                worksheet = workbook.add_worksheet(sheet.name)
                _write_sheet(worksheet, sheet, styles, shown_images(sheet, cuttings or {}))
        return buffer.getvalue()


def _write_sheet(
    worksheet: Worksheet, sheet: PlannedSheet, styles: Styles, images: Sequence[ShownImage]
) -> None:
    room = layout(sheet.cells)
    for col, width in with_image_widths(room.widths, images).items():
        _done(worksheet.set_column(col, col, width), 0, col)
    for row, height in with_image_heights(room.heights, images).items():
        _done(worksheet.set_row(row, height), row, 0)
    for cell in sheet.cells:
        style = styles.of(cell, wrap=(cell.row, cell.col) in room.lines)
        code = _write_cell(worksheet, cell, style)
        if code != 0:
            _done(code, cell.row, cell.col)
        if cell.note:
            _done(worksheet.write_comment(cell.row, cell.col, cell.note), cell.row, cell.col)
    for image in images:
        _insert(worksheet, image)
    _set_view(worksheet, sheet)


def _check_limits(sheet: PlannedSheet) -> None:
    rows = max((cell.row + cell.row_span for cell in sheet.cells), default=0)
    cols = max((cell.col + cell.col_span for cell in sheet.cells), default=0)
    if rows > MOST_ROWS or cols > MOST_COLS:
        raise WorkbookTooLarge(
            f"The sheet {sheet.name!r} would have {rows} rows and {cols} columns; "
            f"Excel takes {MOST_ROWS} and {MOST_COLS}. Choose the strategy separate or the format csv."
        )


def _write_cell(worksheet: Worksheet, cell: PlannedCell, style: Format) -> int:
    """Writes it by the one method for its type, whose return code it gives back."""
    row, col, value = cell.row, cell.col, cell.value
    if cell.row_span > 1 or cell.col_span > 1:
        last = (row + cell.row_span - 1, col + cell.col_span - 1)
        _done(worksheet.merge_range(row, col, *last, "", style), row, col)
    if cell.formula:
        return worksheet.write_formula(row, col, cell.formula, style, cast(int, value))
    if cell.link:
        return worksheet.write_url(row, col, f"internal:{cell.link}", style, cell.raw)
    if isinstance(value, str):
        return _write_text(worksheet, (row, col), value, style)
    if value is None:
        return worksheet.write_blank(row, col, None, style)
    if isinstance(value, int | float):
        return worksheet.write_number(row, col, value, style)
    return worksheet.write_datetime(row, col, cast(datetime, value), style)


def _write_text(worksheet: Worksheet, place: Position, text: str, style: Format) -> int:
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a string for rich text of its own making and writes it unescaped;
        # as rich text of three pieces it is escaped.
        return worksheet.write_rich_string(*place, text[:1], text[1:2], text[2:], style)
    return worksheet.write_string(*place, text, style)


def _done(code: int | None, row: int, col: int) -> None:
    """XlsxWriter reports what it left out by its return code alone; some methods have none for success."""
    if code:
        raise WorkbookTooLarge(f"What is in row {row + 1}, column {col + 1} does not fit into a worksheet.")


def _insert(worksheet: Worksheet, image: ShownImage) -> None:
    """It moves with its cell, and is hidden with it by a filter."""
    options = {
        "image_data": BytesIO(image.content),
        "x_scale": image.scale,
        "y_scale": image.scale,
        "x_offset": MARGIN_PX,
        "y_offset": MARGIN_PX,
        "object_position": 1,
        "description": image.description,
    }
    _done(worksheet.insert_image(image.row, image.col, "cutout", options), image.row, image.col)


def _set_view(worksheet: Worksheet, sheet: PlannedSheet) -> None:
    if sheet.freeze_rows:
        below = sheet.first_row + sheet.freeze_rows
        worksheet.freeze_panes(below, 0)
        worksheet.repeat_rows(sheet.first_row, below - 1)
    if any(cell.role is CellRole.BODY for cell in sheet.cells):
        _done(worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"}), 0, 0)
    if filtered := filter_range(sheet):
        _done(worksheet.autofilter(*filtered), *filtered[:2])
    worksheet.fit_to_pages(1, 0)
    worksheet.set_header(_page_head(sheet.title or sheet.source))
    worksheet.set_footer("&C&P / &N")


def _page_head(text: str) -> str:
    """The text in the middle of the page's head; an ampersand is written as two."""
    kept = text[:_LONGEST_PAGE_HEAD]
    while len(kept.replace("&", "&&")) > _LONGEST_PAGE_HEAD:
        kept = kept[:-1]
    return f"&C{kept.replace('&', '&&')}" if kept else ""
