"""How the tables of a batch are laid into workbooks."""

from __future__ import annotations

from app.tables.grid import Table
from app.workbook.plan import CellRole, PlannedSheet, SourceTables, TablePart
from app.workbook.strategies import concatenated, consolidated, separate
from tests.support.drawing import table

PRICES = table("Item | Price", "A | 1.50", "B | 2.50", header_rows=1, title="Prices", notes=("Without tax",))
MORE_PRICES = table("item | PRICE", "C | 3.50", header_rows=1)
PEOPLE = table("Name | Age | City", "Ann | 30 | Rome", header_rows=1)


def rows(sheet: PlannedSheet) -> list[list[str]]:
    """The texts as they stand, spanned positions empty."""
    height = max(cell.row for cell in sheet.cells) + 1
    width = max(cell.col for cell in sheet.cells) + 1
    texts = {(cell.row, cell.col): cell.raw for cell in sheet.cells}
    return [[texts.get((row, col), "") for col in range(width)] for row in range(height)]


def source(name: str, *tables: Table) -> SourceTables:
    return SourceTables(name, tables)


def test_consolidated_has_a_sheet_for_each_table_and_a_summary_at_the_end() -> None:
    plan = consolidated([source("a.png", PRICES, PEOPLE), source("b.pdf", MORE_PRICES)])

    assert [sheet.name for sheet in plan.sheets] == ["a 1", "a 2", "b", "Summary"]
    assert rows(plan.sheets[0])[2:5] == [["Item", "Price"], ["A", "1.50"], ["B", "2.50"]]


def test_title_notes_and_warnings_stand_in_the_summary() -> None:
    warned = SourceTables("a.png", (PRICES,), (3,), "olmocr", ("Page 2 could not be read.",))

    summary = consolidated([warned]).sheets[-1]

    assert rows(summary)[0] == ["Sheet", "Image", "Page", "Title", "Rows", "Columns", "Notes", "Engine"]
    assert rows(summary)[1] == ["a", "a.png", "3", "Prices", "3", "2", "Without tax", "olmocr"]
    assert rows(summary)[-1][:4] == ["Warning", "a.png", "", "Page 2 could not be read."]


def test_summary_names_all_pages_of_a_table() -> None:
    parts = ((TablePart(0, 2, 3), TablePart(2, 1, 5)), ())
    long = SourceTables("a.pdf", (PRICES, MORE_PRICES), (3, 6), parts=parts)

    assert [row[2] for row in rows(consolidated([long]).sheets[-1])[1:]] == ["3–5", "6"]


def test_separate_has_a_workbook_for_each_image() -> None:
    plans = separate([source("a.png", PRICES), source("b.png", PEOPLE, MORE_PRICES)])

    assert [[sheet.name for sheet in plan.sheets] for plan in plans] == [
        ["a", "Summary"],
        ["b 1", "b 2", "Summary"],
    ]


def test_concatenated_tables_with_one_header_continue_one_another() -> None:
    sheet = concatenated([source("a.png", PRICES), source("b.png", MORE_PRICES)]).sheets[0]

    assert rows(sheet) == [
        ["Item", "Price", "Source"],
        ["A", "1.50", "a.png"],
        ["B", "2.50", "a.png"],
        ["C", "3.50", "b.png"],
        ["", "", ""],
        ["Without tax", "", ""],
    ]
    assert sheet.freeze_rows == 1


def test_concatenated_columns_are_found_by_the_text_of_their_headers() -> None:
    turned = table("PRICE |  item", "4.50 | D", "5.50 | E", header_rows=1)
    others = table("Item | Cost", "F | 6.50", header_rows=1)

    images = [source("a.png", PRICES), source("b.png", turned), source("c.png", others)]
    sheet = concatenated(images).sheets[0]

    assert [row for row in rows(sheet) if row[0] in list("ABCDEF")] == [
        ["A", "1.50", "a.png"],
        ["B", "2.50", "a.png"],
        ["D", "4.50", "b.png"],
        ["E", "5.50", "b.png"],
        ["F", "6.50", ""],
    ]
    assert {cell.raw: cell.value for cell in sheet.cells if cell.raw in ("D", "4.50")} == {
        "D": "D",
        "4.50": 4.5,
    }


def test_concatenated_spanning_headers_are_kept_once() -> None:
    spanning = table("Item | 2023 | <", "^ | Q1 | Q2", "A | 1 | 2", header_rows=2)

    sheet = concatenated([source("a.png", spanning, spanning)]).sheets[0]

    spans = {(c.row, c.col): (c.row_span, c.col_span) for c in sheet.cells if c.row_span * c.col_span > 1}
    assert spans == {(0, 0): (2, 1), (0, 1): (1, 2), (0, 3): (2, 1)}
    assert rows(sheet)[2:] == [["A", "1", "2", "a.png"]] * 2


def test_concatenated_other_tables_stand_below_one_another() -> None:
    sheet = concatenated([source("a.png", PRICES), source("b.png", PEOPLE)]).sheets[0]

    assert [row[0] for row in rows(sheet)] == [
        "a.png · Prices",
        "Item",
        "A",
        "B",
        "Without tax",
        "",
        "b.png",
        "Name",
        "Ann",
    ]
    assert [cell.role for cell in sheet.cells if cell.raw == "Without tax"] == [CellRole.NOTE]


def test_one_table_concatenated_stands_alone() -> None:
    assert rows(concatenated([source("a.png", PEOPLE)]).sheets[0]) == [
        ["Name", "Age", "City"],
        ["Ann", "30", "Rome"],
    ]


def test_numbers_stand_right_and_words_left() -> None:
    drawn = table(
        "Item | Sales | <", "^ | Q1 | Q2", "A | 1.50 | n/a", "B | 2.50 | 3.50", "C | 1.0 | 2.0", header_rows=2
    )

    cells = {cell.raw: cell.align for cell in consolidated([source("a.png", drawn)]).sheets[0].cells}

    assert cells == {
        **{"Item": "left", "A": "left", "B": "left", "C": "left"},
        **{"Sales": "center", "Q1": "right", "Q2": "right"},
        **{"1.50": "right", "n/a": "right", "2.50": "right", "3.50": "right", "1.0": "right", "2.0": "right"},
    }


def test_at_most_200_number_formats_and_never_half_a_table() -> None:
    def amounts(first: int, count: int) -> Table:
        return table(*(f"label | {number},5 | {number}" for number in range(first, first + count)))

    plan = consolidated([source("a.png", amounts(10, 150), amounts(300, 150), amounts(600, 20))])

    first, second, third, _ = plan.sheets
    formats = {cell.number_format for sheet in plan.sheets for cell in sheet.cells}
    assert len(formats) <= 200
    assert all(isinstance(cell.value, float) for cell in first.cells if cell.col == 1)
    assert {cell.number_format for cell in first.cells if cell.col == 1} >= {'[=10.5]"10,5";[<0]-0.0;0.0'}
    assert {cell.number_format for cell in second.cells if cell.col == 1} == {"[$-407]0.0"}
    assert all(isinstance(cell.value, float) for cell in second.cells if cell.col == 1)
    assert all(isinstance(cell.value, int) for cell in second.cells if cell.col == 2)
    assert all(isinstance(cell.value, float) for cell in third.cells if cell.col == 1)
