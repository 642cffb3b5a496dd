"""What a reader of the workbook sees of checks."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from app.services.excel import ExcelWriter
from app.workbook.plan import SourceTables, WorkbookPlan
from app.workbook.strategies import concatenated, consolidated
from tests.support.drawing import table

SOUND = table("Item | Qty", "Bolts | 1,250", "Nuts | 830", "Pins | 2,415", "Total | 4,495", header_rows=1)
BROKEN = table("Item | Qty", "Bolts | 1,250", "Nuts | 880", "Pins | 2,415", "Total | 4,495", header_rows=1)
PLAIN = table("Name | Year", "Ada | 1815", "Alan | 1912", header_rows=1)


def book_of(plan: WorkbookPlan) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(ExcelWriter().write(plan)))


def test_a_broken_sum_is_listed_with_its_repair_and_its_cell_carries_a_note() -> None:
    book = book_of(consolidated([SourceTables("stock.png", (BROKEN,))]))
    line = [cell.value for cell in book["Checks"][2]]
    assert line[:4] == ["stock", "sum", "B5", "B2:B4"]
    assert line[4:7] == ["4495", "4545", "does not hold"]
    noted = [cell for row in book["stock"].iter_rows() for cell in row if cell.comment]
    assert len(noted) == 1
    assert "the sum would be 4545, the image says 4495" in noted[0].comment.text
    assert noted[0].fill.fgColor.rgb.endswith("FFF2CC")
    assert book["stock"]["B3"].value == 880


def test_what_holds_is_told_in_one_line_and_nothing_is_marked() -> None:
    book = book_of(consolidated([SourceTables("stock.png", (SOUND,))]))
    assert [[cell.value for cell in row][2:7] for row in book["Checks"].iter_rows(min_row=2)] == [
        ["B5", "B2:B4", None, None, "holds"]
    ]
    assert not [cell for row in book["stock"].iter_rows() for cell in row if cell.comment]


def test_without_anything_to_check_there_is_no_such_sheet() -> None:
    assert "Checks" not in book_of(consolidated([SourceTables("names.png", (PLAIN,))])).sheetnames


@pytest.mark.parametrize(("tables", "place"), [((SOUND, BROKEN), "B9"), ((PLAIN, BROKEN), "B11")])
def test_stacked_tables_are_checked_where_they_stand(tables: tuple[object, ...], place: str) -> None:
    """The first pair has one header and is stacked, the second one stands apart under titles."""
    book = book_of(concatenated([SourceTables("a.png", tables)]))  # type: ignore[arg-type]
    broken = next(row for row in book["Checks"].iter_rows(values_only=True) if row[6] == "does not hold")
    assert broken[2] == place
    assert book["Tables"][place].value == 4495
