"""Ink that text detection passed over."""

from __future__ import annotations

import cv2
import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Ruling, Word
from app.recognition.local.missed import missed_words
from app.recognition.local.ocr import Ocr
from app.tables.geometry import Box

HEIGHT = 20.0
NUMBER = Word("12", Box(20, 70, 40, 90), 1.0)


def page_with_a_number() -> Pixels:
    page = np.full((200, 300, 3), 255, np.uint8)
    cv2.putText(page, "12", (20, 89), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2)
    return page


def seen(ocr: Ocr, page: Pixels, *rulings: Ruling) -> list[tuple[str, float]]:
    """Texts and the tens of pixels where their middles stand."""
    found = missed_words(ocr, page, [Box(10, 10, 290, 190)], [NUMBER], rulings, HEIGHT)
    return [(word.text, round(word.box.center[0], -1)) for word in found.words]


def test_rulings_across_a_narrow_column_are_no_dashes(ocr: Ocr) -> None:
    """A dash has room on both sides of it."""
    page = page_with_a_number()
    rulings = [Ruling(20, 180, at, False, 2) for at in (100, 118, 200)]
    for ruling in rulings:
        cv2.line(page, (int(ruling.at), 20), (int(ruling.at), 180), (0, 0, 0), 2)
    for y in (20, 60, 100, 140, 180):
        cv2.line(page, (100, y), (118, y), (0, 0, 0), 2)
    cv2.line(page, (152, 80), (164, 80), (0, 0, 0), 2)
    assert seen(ocr, page, *rulings) == [("–", 160)]


def test_a_dash_thinner_than_a_pixel_is_read_on_a_line_of_words(ocr: Ocr) -> None:
    page = page_with_a_number()
    for y in (80, 150):
        cv2.line(page, (150, y), (172, y), (190, 190, 190), 1)
    found = missed_words(ocr, page, [Box(10, 10, 290, 190)], [NUMBER], [], HEIGHT)
    assert [(word.text, round(word.box.center[1])) for word in found.words] == [("—", 80)]


def test_a_line_longer_than_dashes_is_no_text(ocr: Ocr) -> None:
    page = page_with_a_number()
    cv2.line(page, (120, 80), (240, 80), (0, 0, 0), 2)
    assert seen(ocr, page) == []
