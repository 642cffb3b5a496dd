"""Text lines that detection widened into each other."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.local.ocr import Ocr
from app.recognition.local.overlaps import apart


def line(*boxes: tuple[int, int]) -> Pixels:
    """Paper with ink between the columns of each box."""
    paper = np.full((40, 200, 3), 255, np.uint8)
    for start, end in boxes:
        paper[10:30, start:end] = 0
    return paper


def quads(*spans: tuple[int, int], top: int = 5, bottom: int = 35) -> list[np.ndarray]:
    return [np.array([[a, top], [b, top], [b, bottom], [a, bottom]], np.float32) for a, b in spans]


def spans(found: list[np.ndarray]) -> list[tuple[float, float]]:
    return [(float(quad[0, 0]), float(quad[1, 0])) for quad in found]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([(10, 90), (70, 160)], [(10, 85), (85, 160)]),
        ([(10, 82), (79, 160)], [(10, 82), (79, 160)]),
        ([(10, 160), (70, 160)], [(10, 160), (70, 160)]),
        ([(10, 75), (95, 160)], [(10, 75), (95, 160)]),
    ],
    ids=["in the space", "too little", "the same place twice", "apart"],
)
def test_lines_are_cut_in_the_space_that_they_share(
    given: list[tuple[int, int]], expected: list[tuple[float, float]]
) -> None:
    page = line((20, 40), (60, 80), (90, 150))
    assert spans(apart(page, quads(*given))) == expected


def test_a_digit_in_two_lines_is_read_once(ocr: Ocr) -> None:
    page = np.full((60, 300, 3), 255, np.uint8)
    cv2.putText(page, "2 609 818,5", (20, 40), cv2.FONT_HERSHEY_DUPLEX, 1, (0, 0, 0), 2, cv2.LINE_AA)
    words = ocr.read(page, quads((10, 135), (105, 240), top=10, bottom=50))
    assert "".join(word.text for word in words).replace(" ", "") == "2609818,5"
