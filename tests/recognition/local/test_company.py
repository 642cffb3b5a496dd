"""Short words beside a longer one of their line."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Word
from app.recognition.local.company import in_company
from app.recognition.local.lines import char_height
from app.recognition.local.ocr import Ocr
from app.tables.grid import Cell, Table
from tests.recognition.local.conftest import Recognize
from tests.support.tables import Look, draw

SANS, HAN = cv2.FontFace("sans"), cv2.FontFace("uni")


def line(*texts: str, face: cv2.FontFace = SANS) -> Pixels:
    page = np.full((110, 40 + 180 * len(texts), 3), 255, np.uint8)
    for place, text in enumerate(texts):
        cv2.putText(page, text, (20 + 180 * place, 60), (0, 0, 0), face, 22)
    return page


def read(ocr: Ocr, page: Pixels) -> list[Word]:
    words = ocr.read(page)
    return sorted(in_company(ocr, page, words, char_height(words)), key=lambda word: word.box.x0)


@pytest.mark.parametrize("sign", ["↓", "↑", "†", "✓", "λ"])
def test_a_lone_sign_is_read_beside_a_word_of_its_line(ocr: Ocr, sign: str) -> None:
    words = read(ocr, line("Dropout", sign, "12.5"))
    assert [word.text for word in words] == ["Dropout", sign, "12.5"]
    assert words[1].alternatives, "what it looked like alone is kept"


@pytest.mark.parametrize("sign", ["/", "✓"])
def test_a_thin_stroke_is_no_number_and_a_tick_no_root(ocr: Ocr, sign: str) -> None:
    assert [word.text for word in read(ocr, line("Dropout", sign, face=HAN))] == ["Dropout", sign]


@pytest.mark.parametrize("text", ["1", "7", "0", "A", "x", "T", "K", "kg", "EU", "√2", "m²", "–"])
def test_what_was_read_right_stays(ocr: Ocr, text: str) -> None:
    page = line("Dropout", text, "12.5")
    alone = sorted(ocr.read(page), key=lambda word: word.box.x0)
    assert [word.text for word in read(ocr, page)] == [word.text for word in alone]


def test_without_company_a_sign_is_what_it_looks_like(ocr: Ocr) -> None:
    page = line("↑", "λ")
    assert read(ocr, page) == sorted(ocr.read(page), key=lambda word: word.box.x0)


def test_an_arrow_in_a_table_is_no_number(recognize: Recognize) -> None:
    texts = [["Method", "Better", "Score"], ["Dropout", " ", "12.5"], ["Momentum", " ", "4.8"]]
    cells = [Cell(row, col, text) for row, each in enumerate(texts) for col, text in enumerate(each)]
    page = draw(Table.from_cells(cells, header_rows=1), Look(size=24), margin=24)
    height = (page.shape[0] - 48) / 3
    for row, sign in ((1, "↑"), (2, "↓")):
        cv2.putText(
            page, sign, (page.shape[1] // 2, round(24 + (row + 0.65) * height)), (20, 20, 20), SANS, 24
        )

    table = recognize(page).tables[0].table

    assert [table.at(row, 1).text for row in (1, 2)] == ["↑", "↓"]
