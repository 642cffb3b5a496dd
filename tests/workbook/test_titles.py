"""Titles above tables and notes below them, on the tables' own sheets; everything else follows the shift."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from app.services.excel import ExcelWriter
from app.tables.geometry import Box
from app.tables.grid import Cell, Table
from app.workbook.options import WorkbookOptions
from app.workbook.plan import CellRole, PlannedSheet, SourceTables
from app.workbook.strategies import concatenated, consolidated
from tests.support.drawing import table

STOCK = table(
    "Item | Pieces | Weight",
    "Bolts | 1,250 | 120",
    "Nuts | 880 | 85",
    "Pins | 2,415 | 310",
    "Total | 4,495 | 515",
    header_rows=1,
    title="Stock\nin autumn",
    notes=("Weight in kg", "x" * 40_000),
)
"""The pieces are 4,545."""
TOP = 2
"""Rows above the table."""


def written(*tables: Table, options: WorkbookOptions | None = None) -> openpyxl.Workbook:
    plan = consolidated([SourceTables("stock.png", tables)], options or WorkbookOptions())
    return openpyxl.load_workbook(BytesIO(ExcelWriter().write(plan)))


def column(sheet: PlannedSheet) -> list[str]:
    texts = {cell.row: cell.raw for cell in sheet.cells if cell.col == 0}
    return [texts.get(row, "") for row in range(max(texts) + 1)]


def test_an_empty_row_parts_them_from_the_table() -> None:
    sheet = consolidated([SourceTables("stock.png", (STOCK,))]).sheets[0]

    lines = column(sheet)
    assert lines[:8] == ["Stock in autumn", "", "Item", "Bolts", "Nuts", "Pins", "Total", ""]
    assert lines[8] == "Weight in kg"
    assert "".join(lines[9:]) == "x" * 40_000
    assert [cell.role for cell in sheet.cells if cell.raw == "Weight in kg"] == [CellRole.NOTE]


def test_without_them_the_table_stands_alone() -> None:
    bare = consolidated([SourceTables("stock.png", (STOCK,))], WorkbookOptions(title_and_notes=False)).sheets[
        0
    ]
    untitled = consolidated([SourceTables("b.png", (table("Item | Pieces", "Bolts | 5", header_rows=1),))])

    assert column(bare) == ["Item", "Bolts", "Nuts", "Pins", "Total"]
    assert column(untitled.sheets[0]) == ["Item", "Bolts"]


def test_header_filter_formulas_links_and_evidence_follow() -> None:
    cells = [Cell(c.row, c.col, c.text, box=Box(0, 0, 9, 9), confidence=0.99) for c in STOCK.cells]
    stock = Table.from_cells(cells, header_rows=1, title=STOCK.title, notes=STOCK.notes)

    book = written(stock, options=WorkbookOptions(live_totals=True, evidence_sheet=True))

    sheet = book["stock"]
    assert sheet.freeze_panes == f"A{TOP + 2}"
    assert sheet.auto_filter.ref == f"A{TOP + 1}:C{TOP + 5}"
    assert sheet.print_title_rows == f"${TOP + 1}:${TOP + 1}"
    assert sheet[f"C{TOP + 5}"].value == f"=SUM(C{TOP + 2}:C{TOP + 4})"
    assert sheet[f"B{TOP + 5}"].comment is not None
    assert f"B{TOP + 5}" in [row[1].value for row in book["Review"].iter_rows()]
    assert f"B{TOP + 5}" in [row[3].value for row in book["Checks"].iter_rows()] + [
        row[2].value for row in book["Checks"].iter_rows()
    ]
    assert book["Evidence"]["B2"].value == f"A{TOP + 1}"
    assert book["Summary"]["A2"].hyperlink.location == f"'stock'!A{TOP + 1}"


@pytest.mark.parametrize("titled", [True, False])
def test_one_stack_of_tables_has_them_too(titled: bool) -> None:
    images = [SourceTables("a.png", (STOCK,)), SourceTables("b.png", (STOCK,))]

    sheet = concatenated(images, WorkbookOptions(title_and_notes=titled)).sheets[0]

    lines = column(sheet)
    assert ("Stock in autumn" in lines, "Weight in kg" in lines) == (titled, titled)
    assert lines.index("Item") == sheet.first_row == (TOP if titled else 0)
