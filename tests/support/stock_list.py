"""A printed list with one total that is wrong and one that is right, and what its workbook shows of that."""

from __future__ import annotations

from io import BytesIO

import openpyxl

from examples.contents import Content
from examples.layout import Style, draw_table
from examples.pdf_writer import Sheet, write_pdf

_LIST = Content(
    """Item | Pieces | Weight
    Bolts | 1,250 | 120
    Nuts | 880 | 85
    Pins | 2,415 | 310
    Total | 4,495 | 515""",
    bold_rows=(4,),
)
"""The pieces are 4,545, or one digit of the nuts was misread: 830."""
_TITLE = "Stock at the end of the year"
PARTS = frozenset(
    {
        "title_and_notes",
        "mark_doubtful",
        "review_sheet",
        "evidence_sheet",
        "source_images",
        "checks",
        "live_totals",
    }
)
"""Options of what a workbook has besides values."""


def stock_list() -> bytes:
    """The list as a PDF of one page."""
    page = Sheet(300, 170)
    page.text(20, 24, _TITLE, 12, bold=True)
    draw_table(page, 20, 34, [100, 70, 70], _LIST, Style())
    return write_pdf([page])


def parts_of(workbook: bytes) -> set[str]:
    """The options that a reader of the list's workbook sees at work."""
    book = openpyxl.load_workbook(BytesIO(workbook))
    values = openpyxl.load_workbook(BytesIO(workbook), data_only=True)
    sheets = {sheet.title: sheet for sheet in book}
    titled = book.worksheets[0]["A1"].value == _TITLE
    suspect, wrong, right = ("B5", "B7", "C7") if titled else ("B3", "B5", "C5")
    marked = [cell.coordinate for row in book.worksheets[0].iter_rows() for cell in row if cell.comment]
    assert marked in ([], [suspect])
    assert [values.worksheets[0][place].value for place in (wrong, right)] == [4495, 515]
    for name in {"Review", "Images"} & sheets.keys():
        assert len(sheets[name]._images) == 1  # type: ignore[attr-defined]  # openpyxl tells it nowhere else
    seen = {
        "title_and_notes": titled,
        "mark_doubtful": bool(marked) and book.worksheets[0][suspect].fill.fill_type == "solid",
        "review_sheet": "Review" in sheets,
        "evidence_sheet": "Evidence" in sheets,
        "source_images": "Images" in sheets,
        "checks": "Checks" in sheets,
        "live_totals": book.worksheets[0][right].value == f"=SUM(C{int(right[1]) - 3}:C{int(right[1]) - 1})",
    }
    return {name for name, here in seen.items() if here}
