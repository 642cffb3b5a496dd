"""Documents of several pages: a table that goes on is one, wherever its pages come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from app.recognition.continuation.join import join_continued
from app.recognition.engine import Recognition, SourceImage
from app.recognition.local.ocr import Ocr
from app.recognition.local.options import LocalOptions
from app.recognition.local.pipeline import LocalRecognizer
from examples.pdf_writer import Sheet, write_pdf
from tests.support.drawing import table
from tests.support.tables import Look, draw, texts
from tests.support.tables import Sheet as Paper

HEADER = ["Place", "2023", "2024"]
COLUMNS = (60, 260, 380, 500)
PITCH = 22


@pytest.fixture
def recognizer(ocr: Ocr) -> LocalRecognizer:
    return LocalRecognizer(LocalOptions(use_structure_model=False), ocr=ocr)


def read(recognizer: LocalRecognizer, path: Path) -> Recognition:
    return recognizer.recognize(SourceImage(path, path.name), lambda _: None)


def rows(first: int, count: int) -> list[list[str]]:
    return [[f"Place {i}", f"{1000 + 7 * i:,}", f"{2000 + 13 * i:,}"] for i in range(first, first + count)]


def typeset(page: int, body: list[list[str]], *, head: bool = True, title: str = "", tail: str = "") -> Sheet:
    """A page with a running head and a page number around a ruled table."""
    sheet = Sheet(595, 842)
    sheet.text(60, 40, "Yearbook of places", 9)
    sheet.text(290, 820, str(page), 9)
    if title:
        sheet.text(60, 80, title, 11)
    top = 95.0
    drawn = [HEADER, *body] if head else body
    for number, row in enumerate(drawn):
        for x, words in zip(COLUMNS, row, strict=False):
            sheet.text(x + 6, top + PITCH * number + 15, words, 10)
    for number in range(len(drawn) + 1):
        sheet.line(COLUMNS[0], top + PITCH * number, COLUMNS[-1], top + PITCH * number)
    for x in COLUMNS:
        sheet.line(x, top, x, top + PITCH * len(drawn))
    if tail:
        sheet.text(60, top + PITCH * len(drawn) + 30, tail, 11)
    return sheet


def test_a_table_over_three_pages_is_one_and_can_be_taken_apart(
    recognizer: LocalRecognizer, tmp_path: Path
) -> None:
    path = tmp_path / "yearbook.pdf"
    pages = [
        typeset(1, rows(1, 28), title="Table 7. Places"),
        typeset(2, rows(29, 28)),
        typeset(3, rows(57, 6), head=False, tail="The next chapter tells how the places were counted."),
    ]
    path.write_bytes(write_pdf(pages))
    recognition = read(recognizer, path)
    (found,) = join_continued(recognition).tables
    assert texts(found.table) == [HEADER, *rows(1, 62)]
    assert found.table.title == "Table 7. Places"
    assert [part.page for part in found.parts] == [1, 2, 3]
    assert [part.table for part in found.parts] == [each.table for each in recognition.tables]


def test_tables_with_captions_of_their_own_stay_apart(recognizer: LocalRecognizer, tmp_path: Path) -> None:
    path = tmp_path / "yearbook.pdf"
    first, second = (
        typeset(1, rows(1, 28), title="Table 7. Places"),
        typeset(2, rows(40, 9), title="Table 8. More"),
    )
    path.write_bytes(write_pdf([first, second]))
    assert [found.page for found in join_continued(read(recognizer, path)).tables] == [1, 2]


def test_pages_of_a_tiff_go_on_too(recognizer: LocalRecognizer, tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    images = [
        Image.fromarray(draw(drawn, Look(size=22), margin=60)[:, :, ::-1].copy())
        for drawn in (
            table(" | ".join(HEADER), *(" | ".join(row) for row in rows(1, 9)), header_rows=1),
            table(" | ".join(HEADER), *(" | ".join(row) for row in rows(10, 5)), header_rows=1),
        )
    ]
    images[0].save(path, save_all=True, append_images=images[1:])
    (found,) = join_continued(read(recognizer, path)).tables
    assert texts(found.table) == [HEADER, *rows(1, 14)]


def test_a_scanned_page_among_typeset_ones_is_read(recognizer: LocalRecognizer, tmp_path: Path) -> None:
    paper = Paper(Look(size=22), margin=60)
    paper.table(table(" | ".join(HEADER), *(" | ".join(row) for row in rows(1, 4)), header_rows=1))
    Image.fromarray(paper.pixels()[:, :, ::-1].copy()).save(tmp_path / "scan.pdf")
    typed = tmp_path / "typed.pdf"
    typed.write_bytes(write_pdf([typeset(1, rows(5, 4))]))
    whole = PdfDocument.new()
    for part in (typed, tmp_path / "scan.pdf"):
        whole.import_pages(PdfDocument(part))
    whole.save(tmp_path / "mixed.pdf")
    found = read(recognizer, tmp_path / "mixed.pdf").tables
    assert [texts(each.table) for each in found] == [[HEADER, *rows(5, 4)], [HEADER, *rows(1, 4)]]
