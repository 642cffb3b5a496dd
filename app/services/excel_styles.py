"""Cell formats of a workbook: one for each distinct look."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# XlsxWriter brings hints without a marker for them, and some of its parameters have none.
from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from app.workbook.plan import CellRole, PlannedCell

_BORDER = {"border": 1, "border_color": "#BFBFBF"}
_ROLES: dict[CellRole, dict[str, Any]] = {
    CellRole.HEADER: {"bold": True, "bg_color": "#E8EDF4", "text_wrap": True, "valign": "vcenter", **_BORDER},
    CellRole.BODY: {"valign": "top", **_BORDER},
    CellRole.TITLE: {"bold": True},
    CellRole.NOTE: {"italic": True, "font_color": "#595959"},
}
_DOUBTFUL = {"bg_color": "#FFF2CC"}
_LINK = {"font_color": "#0563C1", "underline": 1}


class Styles:
    """Makes each format once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[object, ...], Format] = {}

    def of(self, cell: PlannedCell, *, wrap: bool) -> Format:
        """The format of a planned cell."""
        spanning = cell.row_span > 1
        key = (cell.role, cell.align, cell.number_format, wrap, cell.doubtful, spanning, bool(cell.link))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(_properties(cell, wrap, spanning))
        return self._made[key]


def _properties(cell: PlannedCell, wrap: bool, spanning: bool) -> dict[str, Any]:
    properties = _ROLES[cell.role] | {"align": cell.align, "num_format": cell.number_format}
    if wrap:
        properties["text_wrap"] = True
    if spanning:
        properties["valign"] = "vcenter"
    return properties | (_DOUBTFUL if cell.doubtful else {}) | (_LINK if cell.link else {})
