"""Pages with a text layer: exact where the layer is true, seen where it lies or says nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.recognition.engine import Recognition, SourceImage
from app.recognition.local.ocr import Ocr
from app.recognition.local.options import LocalOptions
from app.recognition.local.pipeline import LocalRecognizer
from tests.support.drawing import table
from tests.support.pdf_pages import page, text
from tests.support.tables import draw, texts

Read = Callable[[bytes], Recognition]
ROWS = [
    ["Place", "2023", "2024"],
    ["Athens", "1,234", "5,678"],
    ["Berlin", "9,012", "3,456"],
    ["Cork", "7,890", "1,357"],
]
XS, YS = (30, 150, 270, 390), (260, 230, 200, 170, 140)


@pytest.fixture
def read(ocr: Ocr, tmp_path: Path) -> Read:
    recognizer = LocalRecognizer(LocalOptions(use_structure_model=False), ocr=ocr)

    def read(content: bytes) -> Recognition:
        path = tmp_path / "document"
        path.write_bytes(content)
        return recognizer.recognize(SourceImage(path, "document.pdf"), lambda _: None)

    return read


def rules() -> bytes:
    across = b"".join(b"%d %d m %d %d l S\n" % (XS[0], y, XS[-1], y) for y in YS)
    down = b"".join(b"%d %d m %d %d l S\n" % (x, YS[0], x, YS[-1]) for x in XS)
    return across + down


def cells(*, without: tuple[tuple[int, int], ...] = (), rows: list[list[str]] = ROWS) -> bytes:
    return b"".join(
        text(XS[col] + 8, YS[row] - 20, words, 14)
        for row, line in enumerate(rows)
        for col, words in enumerate(line)
        if (row, col) not in without
    )


def only_table(recognition: Recognition) -> list[list[str]]:
    (found,) = recognition.tables
    return texts(found.table)


SIZE = (420, 300)


def test_exact_text_and_high_confidence(read: Read) -> None:
    recognition = read(page(rules() + cells(), size=SIZE))
    assert only_table(recognition) == ROWS
    sure = [cell.confidence for cell in recognition.tables[0].table.cells]
    assert all(value is not None and 0.9 < value < 1 for value in sure)


def test_a_page_shown_sideways_is_read_with_boxes_where_it_shows_them(read: Read) -> None:
    recognition = read(page(rules() + cells(), size=SIZE, extra=b"/Rotate 90"))
    assert only_table(recognition) == ROWS
    first, last = (recognition.tables[0].table.at(0, col).box for col in (0, 2))
    assert first is not None
    assert last is not None
    assert last.y0 > first.y1  # the header runs down the page


def test_a_font_that_says_other_words_than_it_shows_is_not_believed(read: Read) -> None:
    letters = sorted({letter for row in ROWS for words in row for letter in words})
    lies = dict(zip(letters, letters[7:] + letters[:7], strict=True))
    assert only_table(read(page(rules() + cells(), size=SIZE, meaning=lies))) == ROWS


def test_a_word_drawn_as_an_image_is_read_beside_the_layer(read: Read) -> None:
    picture = draw(table("5,678"), margin=0)[8:-8, 8:-8]
    placed = b"q 50 0 0 18 160 205 cm /Im Do Q\n"
    recognition = read(page(rules() + cells(without=((1, 1),)) + placed, size=SIZE, image=picture))
    assert only_table(recognition)[1] == ["Athens", "5,678", "5,678"]


def test_a_word_with_an_unknown_sign_is_read_from_the_page(read: Read) -> None:
    meaning = {letter: letter for row in ROWS for words in row for letter in words} | {"~": "\ue001"}
    shown = cells(rows=[*ROWS[:3], ["Cork", "~7,890", "1,357"]])
    body = only_table(read(page(rules() + shown, size=SIZE, meaning=meaning)))
    assert body[3][1].endswith("7,890")
    assert len(body[3][1]) > len("7,890")  # the sign is not dropped


def test_the_value_of_a_form_field_is_read(read: Read) -> None:
    field = (text(6, 8, "5,678", 14), (272, 202, 388, 228))
    content = page(rules() + cells(without=((1, 2),)), size=SIZE, field=field)
    assert only_table(read(content)) == ROWS


def test_a_scan_with_a_hidden_layer_is_read_from_the_image(read: Read) -> None:
    scan = draw(table(*(" | ".join(row) for row in ROWS)), margin=40)
    wrong = [[words.translate(str.maketrans("0123456789", "9876543210")) for words in row] for row in ROWS]
    hidden = b"".join(
        text(XS[col], YS[row] - 20, words, 14, before="3 Tr")
        for row, line in enumerate(wrong)
        for col, words in enumerate(line)
    )
    placed = b"q 420 0 0 300 0 0 cm /Im Do Q\n"
    assert only_table(read(page(hidden + placed, size=SIZE, image=scan))) == ROWS
    visible_below = hidden.replace(b"3 Tr", b"0 Tr")
    assert only_table(read(page(visible_below + placed, size=SIZE, image=scan))) == ROWS


def test_a_stamp_on_a_scan_does_not_keep_the_scan_from_being_read(read: Read) -> None:
    scan = draw(table(*(" | ".join(row) for row in ROWS)), margin=40)
    placed = b"q 420 0 0 300 0 0 cm /Im Do Q\n" + text(150, 8, "Received 2024", 8)
    assert only_table(read(page(placed, size=SIZE, image=scan))) == ROWS
