"""The Summary sheet: where each table comes from and what stood around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.tables.grid import Table
from app.tables.text import clean, one_line
from app.workbook.plan import CellRole, PlannedCell, PlannedSheet
from app.workbook.values import as_text

NAME = "Summary"
_COLUMNS = ("Sheet", "Image", "Page", "Title", "Rows", "Columns", "Notes", "Engine")


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One table."""

    sheet: str
    image: str
    page: int
    last_page: int
    table: Table
    engine: str


def summary_sheet(
    lines: Sequence[SummaryLine], warnings: Iterable[tuple[str, Sequence[str]]]
) -> PlannedSheet:
    """A row for each table, then one for each warning of an image."""
    cells = [_cell(0, col, name, CellRole.HEADER) for col, name in enumerate(_COLUMNS)]
    for row, item in enumerate(lines, 1):
        cells += [_cell(row, col, value) for col, value in enumerate(_values(item))]
    told = [(image, warning) for image, sentences in warnings for warning in sentences]
    for row, (image, warning) in enumerate(told, len(lines) + 2):
        cells += [_cell(row, 0, "Warning"), _cell(row, 1, one_line(image)), _cell(row, 3, clean(warning))]
    return PlannedSheet(NAME, tuple(cells), freeze_rows=1)


def _values(item: SummaryLine) -> tuple[str | int, ...]:
    return (
        item.sheet,
        one_line(item.image),
        item.page if item.page == item.last_page else f"{item.page}–{item.last_page}",
        one_line(item.table.title),
        item.table.rows,
        item.table.cols,
        "\n".join(one_line(note) for note in item.table.notes),
        item.engine,
    )


def _cell(row: int, col: int, value: str | int, role: CellRole = CellRole.BODY) -> PlannedCell:
    if isinstance(value, int):
        return PlannedCell(row, col, value, str(value), "0", role=role, align="right")
    text = as_text(value)
    return PlannedCell(row, col, text.value, value, text.number_format, role=role)
