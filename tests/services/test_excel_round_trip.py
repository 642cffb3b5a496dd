"""What two other programs read from our workbooks is what the table says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from openpyxl.worksheet.worksheet import Worksheet

from app.errors import WorkbookTooLarge
from app.services.excel import ExcelWriter
from app.tables.grid import Align, Cell, Table
from app.tables.text import clean
from app.workbook.options import WorkbookOptions
from app.workbook.plan import PlannedCell, PlannedSheet, SourceTables, WorkbookPlan
from app.workbook.strategies import concatenated, consolidated
from tests.support.display import shown
from tests.support.drawing import table
from tests.support.random_tables import tables

WRITER = ExcelWriter()


def written(plan: WorkbookPlan) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(WRITER.write(plan)))


def spans(worksheet: Worksheet) -> set[tuple[int, int, int, int]]:
    return {(m.min_row, m.min_col, m.max_row, m.max_col) for m in worksheet.merged_cells.ranges}


def span(cell: Cell, top: int) -> tuple[int, int, int, int]:
    """``top``: rows above the table."""
    return top + cell.row + 1, cell.col + 1, top + cell.row + cell.row_span, cell.col + cell.col_span


@settings(max_examples=80, deadline=None)
@given(tables())
def test_any_table_reads_back_as_it_is(drawn: Table) -> None:
    plan = consolidated([SourceTables("any.png", (drawn,))])

    sheet, top = written(plan).worksheets[0], plan.sheets[0].first_row
    assert spans(sheet) == {span(cell, top) for cell in drawn.cells if cell.row_span * cell.col_span > 1}
    for cell in drawn.cells:
        read = sheet.cell(top + cell.row + 1, cell.col + 1)
        assert shown(read.value, read.number_format) == clean(cell.text)
        assert read.data_type != "f"
        assert read.hyperlink is None


@settings(max_examples=25, deadline=None)
@given(tables(), tables())
def test_a_second_program_reads_the_same_values(first: Table, second: Table) -> None:
    content = WRITER.write(concatenated([SourceTables("1.png", (first,)), SourceTables("2.png", (second,))]))

    ours = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    theirs = python_calamine.load_workbook(BytesIO(content)).get_sheet_by_index(0)

    rows = theirs.to_python(skip_empty_area=False)
    assert filled(rows) == filled([[cell.value for cell in row] for row in ours.iter_rows()])


def filled(rows: list[list[object]]) -> dict[tuple[int, int], object]:
    """The values by place; programs differ in where they see the end of a sheet."""
    return {
        (row, col): comparable(value)
        for row, values in enumerate(rows)
        for col, value in enumerate(values)
        if value not in (None, "")
    }


def comparable(value: object) -> object:
    """Programs differ in how they give a whole number and a date."""
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, date):
        return datetime.fromisoformat(str(value))
    return value


def test_types_of_a_small_table() -> None:
    drawn = table(
        "Item | Price | Share | Date | Code",
        "Screw | $1,234.50 | 12.5% | 2023-03-12 | 007",
        "Nut | ($1.00) | 7.0% | 2023-04-01 | 123",
        header_rows=1,
    )

    sheet = written(consolidated([SourceTables("a.png", (drawn,))])).worksheets[0]

    assert [cell.value for cell in sheet[2]][1:3] == [1234.5, 0.125]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "s"]
    assert [cell.value for cell in sheet[3]][1] == -1
    assert sheet["E3"].value == "123"
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("text", ["x" * 40_000, "a\N{PILE OF POO}" * 45_000], ids=["ascii", "two units"])
def test_text_too_long_for_a_cell_goes_on_in_a_sheet_of_its_own(text: str) -> None:
    book = written(consolidated([SourceTables("a.png", (table(f"Remark | {text} | {text}"),))]))
    sheet, continued = book.worksheets[0], book["Continued"]

    assert sheet["B1"].value == text[: len(sheet["B1"].value) - 1] + "…"
    assert all(str(len(text)) in sheet[name].comment.text for name in ("B1", "C1"))
    lines = [[cell.value for cell in row] for row in continued.iter_rows(min_row=2)]
    for name in ("B1", "C1"):
        assert "".join(piece for _, cell, _, piece in lines if cell == name) == text
    assert continued["B2"].hyperlink.location == "'a'!B1"


def test_sheets_about_the_tables_never_share_a_name_with_a_table() -> None:
    everything = WorkbookOptions(evidence_sheet=True, source_images=True)
    names = ("Images", "Continued", "Evidence", "Summary")
    images = [SourceTables(f"{name}.png", (table("x" * 40_000),)) for name in names]

    titles = [sheet.title for sheet in written(consolidated(images, everything)).worksheets]

    assert titles[:4] == [f"{name} (2)" for name in names]
    assert set(names) <= set(titles)


def test_doubtful_cells_are_marked_and_say_how_sure_the_reading_is() -> None:
    drawn = Table(
        1, 3, (Cell(0, 0, "sure", confidence=0.9), Cell(0, 1, "5", confidence=0.3), Cell(0, 2, "?"))
    )

    sure, doubtful, unknown = written(consolidated([SourceTables("a.png", (drawn,))])).worksheets[0][1]

    assert "30 %" in doubtful.comment.text
    assert doubtful.fill.fgColor.rgb not in (sure.fill.fgColor.rgb, unknown.fill.fgColor.rgb, "00000000")
    assert sure.comment is None
    assert unknown.comment is None


def test_an_empty_cell_with_ink_that_could_not_be_read_is_doubtful() -> None:
    drawn = Table(1, 3, (Cell(0, 0, "x"), Cell(0, 1, "", confidence=0.2), Cell(0, 2, "", confidence=0.98)))

    book = written(consolidated([SourceTables("a.png", (drawn,))]))
    _, unread, empty = book.worksheets[0][1]

    assert "could not be read" in unread.comment.text
    assert empty.comment is None
    assert [row[1].value for row in book["Review"].iter_rows(min_row=2)] == ["B1"]


def test_wide_characters_get_wide_columns() -> None:
    drawn = table("table | 表格表格表格表格表格", "table | tabletable")

    columns = written(consolidated([SourceTables("a.png", (drawn,))])).worksheets[0].column_dimensions

    assert columns["B"].width > 20
    assert columns["A"].width < 10


def test_labels_are_indented_as_in_the_image_and_have_room() -> None:
    rows = [("Assets", 0), ("Current", 0), ("Cash in hand and at the bank", 2), ("007", 1), ("Sum", 1)]
    cells = [Cell(row, 0, text, indent=deep) for row, (text, deep) in enumerate(rows)]
    centred = replace(cells[4], align=Align.CENTER)
    drawn = Table.from_cells([*cells[:4], centred], header_rows=1)

    sheet = written(consolidated([SourceTables("a.png", (drawn,))])).worksheets[0]

    assert [sheet.cell(row, 1).alignment.indent for row in range(1, 6)] == [0, 0, 2, 1, 0]
    assert sheet["A4"].value == "007"
    assert sheet.column_dimensions["A"].width > len(rows[2][0]) + 4


def test_equal_plans_give_equal_bytes() -> None:
    plan = consolidated([SourceTables("a.png", (table("a | 1,5", "b | 2,5", header_rows=1),))])

    assert WRITER.write(plan) == WRITER.write(plan)


def test_the_page_head_holds_the_title_and_its_ampersands() -> None:
    sheet = written(consolidated([SourceTables("a.png", (table("x", title="R&D " * 100),))])).worksheets[0]

    assert str(sheet.oddHeader.center.text).startswith("R&&D R&&D")
    assert len(str(sheet.oddHeader)) <= 255


def test_plain_tables_have_filters_and_others_none() -> None:
    plain = table("Item | Price", "Screw | 1.50", "Nut | 2.50", header_rows=1)
    spanning = table("Item | <", "Screw | 1.50", "Nut | 2.50", header_rows=1)
    unnamed = table("Item | ", "Screw | 1.50", "Nut | 2.50", header_rows=1)
    images = [SourceTables("a.png", (plain, spanning, unnamed))]

    sheets = written(consolidated(images)).worksheets

    assert [sheet.auto_filter.ref for sheet in sheets[:3]] == ["A1:B3", None, None]


def test_a_sheet_past_excels_limits_is_refused_with_a_reason() -> None:
    deep = PlannedSheet("deep", (PlannedCell(1_048_576, 0, 1, "1"),))
    wide = PlannedSheet("wide", (PlannedCell(0, 16_383, 1, "1", col_span=2),))

    for sheet in (deep, wide):
        with pytest.raises(WorkbookTooLarge, match="Excel takes 1048576 and 16384"):
            WRITER.write(WorkbookPlan((sheet,)))
