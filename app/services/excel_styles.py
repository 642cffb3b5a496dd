"""Cell formats of a workbook: one for each distinct look."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# XlsxWriter brings hints without a marker for them, and some of its parameters have none.
from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from app.tables.grid import Look
from app.workbook.plan import CellRole, PlannedCell

_BORDER = {"border": 1, "border_color": "#BFBFBF"}
_ROLES: dict[CellRole, dict[str, Any]] = {
    CellRole.HEADER: {"bold": True, "bg_color": "#E8EDF4", "text_wrap": True, "valign": "vcenter", **_BORDER},
    CellRole.BODY: {"valign": "top", **_BORDER},
    CellRole.TITLE: {"bold": True},
    CellRole.NOTE: {"italic": True, "font_color": "#595959"},
}
_DOUBTFUL = {"bg_color": "#FFF2CC"}
_DOUBTFUL_ON_FILL = {"font_color": "#000000", "border_color": "#C55A11", "border": 2}
"""Among cells with fills of their own."""
_DEEPEST = 15
"""Steps of indentation that Excel offers."""
_LINK = {"font_color": "#0563C1", "underline": 1}


class Styles:
    """Makes each format once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[object, ...], Format] = {}

    def of(self, cell: PlannedCell, *, wrap: bool) -> Format:
        """The format of a planned cell."""
        spanning = cell.row_span > 1
        look = (cell.role, cell.align, cell.indent, cell.number_format, cell.look)
        key = (*look, wrap, cell.doubtful, spanning, bool(cell.link))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(_properties(cell, wrap, spanning))
        return self._made[key]


def _properties(cell: PlannedCell, wrap: bool, spanning: bool) -> dict[str, Any]:
    properties = _ROLES[cell.role] | {"align": cell.align, "num_format": cell.number_format}
    if wrap:
        properties["text_wrap"] = True
    if cell.indent:
        properties["indent"] = min(cell.indent, _DEEPEST)
    if spanning:
        properties["valign"] = "vcenter"
    if cell.look:
        properties |= _seen(cell.look)
    if cell.doubtful:
        properties |= _DOUBTFUL | (_DOUBTFUL_ON_FILL if cell.look and cell.look.fill else {})
    return properties | (_LINK if cell.link else {})


def _seen(look: Look) -> dict[str, Any]:
    """The look in the image; a letter that would not show on its ground is white."""
    properties: dict[str, Any] = {"bold": True} if look.bold else {}
    if look.fill:
        properties |= {"bg_color": look.fill, "font_color": "#FFFFFF" if _is_dark(look.fill) else "#000000"}
    return properties


def _is_dark(colour: str) -> bool:
    """Whether white stands out from it more than black: relative luminance (WCAG 2) below .179."""
    levels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179
