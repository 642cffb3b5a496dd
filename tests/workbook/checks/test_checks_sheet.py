"""What a reader of the workbook sees of checks."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from app.services.excel import ExcelWriter
from app.tables.grid import Table
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
    assert line[4:7] == ["4,495", "4,545", "does not hold"]
    noted = [cell for row in book["stock"].iter_rows() for cell in row if cell.comment]
    assert len(noted) == 1
    assert "the sum would be 4,545, the image says 4,495" in noted[0].comment.text
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


@pytest.mark.parametrize(
    ("drawn", "said", "computed", "mend"),
    [
        (
            table(
                "Klasse     | Mathe | Physik",
                "7a         | 71,2  | 66,4",
                "7b         | 68,9  | 70,1",
                "7c         | 74,5  | 69,8",
                "Mittelwert | 71,5  | 63,8",
                header_rows=1,
            ),
            "63,8",
            "68,8",
            "C5: It would hold with 68,8 instead of 63,8. Nothing was changed.",
        ),
        (
            table("Sort | n", "a | 120", "b | 310", "c | 275", "d | 190", "Total | 855", header_rows=1),
            "855",
            "895",
            "One misread character would explain it, in B4, B5 or B6.",
        ),
        (
            table("Sort | n", "a | 120", "of which b | 731", "c | 275", "Total | 395", header_rows=1),
            "731",
            "at most 120",
            "One misread character would explain it, in B2.",
        ),
    ],
    ids=["a mean", "an open repair", "a part"],
)
def test_numbers_are_told_as_the_image_writes_them_and_an_open_repair_names_its_cells(
    drawn: Table, said: str, computed: str, mend: str
) -> None:
    book = book_of(consolidated([SourceTables("a.png", (drawn,))]))
    assert [cell.value for cell in book["Checks"][2]][4:] == [said, computed, "does not hold", mend]
