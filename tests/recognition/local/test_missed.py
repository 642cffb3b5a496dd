"""Ink that text detection passed over."""

from __future__ import annotations

import cv2
import numpy as np

from app.recognition.evidence import Ruling, Word
from app.recognition.local.missed import missed_words
from app.recognition.local.ocr import Ocr
from app.tables.geometry import Box

HEIGHT = 20.0


def test_rulings_across_a_narrow_column_are_no_dashes(ocr: Ocr) -> None:
    """A dash has room on both sides of it."""
    page = np.full((200, 300, 3), 255, np.uint8)
    rulings = [Ruling(20, 180, at, False, 2) for at in (100, 118, 200)]
    for ruling in rulings:
        cv2.line(page, (int(ruling.at), 20), (int(ruling.at), 180), (0, 0, 0), 2)
    for y in (20, 60, 100, 140, 180):
        cv2.line(page, (100, y), (118, y), (0, 0, 0), 2)
    cv2.line(page, (152, 80), (164, 80), (0, 0, 0), 2)
    words = [Word("12", Box(20, 70, 40, 90), 1.0)]
    cv2.putText(page, "12", (20, 89), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2)
    found = missed_words(ocr, page, [Box(10, 10, 210, 190)], words, rulings, HEIGHT)
    assert [(word.text, round(word.box.center[0], -1)) for word in found.words] == [("–", 160)]
