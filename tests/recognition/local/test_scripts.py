"""Letters beyond ASCII keep their marks; letters that the network does not know leave no clean cell."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.local.ocr import Ocr
from app.tables.grid import Cell, Table
from tests.recognition.local.conftest import Recognize
from tests.support.tables import Look, draw

SANS = cv2.FontFace("sans")


def written(pixels: Pixels, text: str, x: int, y: int) -> Pixels:
    cv2.putText(pixels, text, (x, y), (20, 20, 20), SANS, 26)
    return pixels


@pytest.mark.parametrize(
    "text",
    [
        "Straße Größe",
        "Señor año",
        "São Paulo não",
        "Škoda ağaç",
        "Łódź Gdańsk",
        "0.05 β",
        "国内生产总值",
        "工二土元口",
        "鄱阳總額",
    ],
)
def test_accented_greek_and_chinese_letters_are_read(ocr: Ocr, text: str) -> None:
    page = written(np.full((80, 420, 3), 255, np.uint8), text, 30, 54)

    assert " ".join(word.text for word in ocr.read(page)) == text


def test_letters_that_the_network_does_not_know_leave_a_doubtful_cell(recognize: Recognize) -> None:
    texts = [["Land", "Value"], ["Portugal", "12.5"], [" ", "4.8"], ["Slovenia", "7.1"]]
    cells = [Cell(row, col, text) for row, line in enumerate(texts) for col, text in enumerate(line)]
    page = draw(Table.from_cells(cells, header_rows=1), Look(size=24), margin=24)
    rows = (page.shape[0] - 48) / 4

    found = recognize(written(page, "Россия", 44, round(24 + 2.65 * rows))).tables[0].table

    assert found.at(2, 0).confidence is not None
    assert found.at(2, 0).confidence < min(found.at(row, 0).confidence or 0 for row in (1, 3)) - 0.2
