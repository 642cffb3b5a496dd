"""A raised digit is no digit of the number beside it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from app.recognition.decoding.page import Pixels
from app.recognition.local.ocr import Ocr


def line(base: str, raised: str, size: int = 28, behind: str = "") -> Pixels:
    """``base`` with ``raised`` small and high behind it, then ``behind``, on white paper."""
    image = Image.new("RGB", (460, 3 * size), "white")
    pen, x = ImageDraw.Draw(image), 30.0
    for text, share, lift in ((base, 1.0, 0.0), (raised, 0.65, 0.3), (behind, 1.0, 0.0)):
        font = ImageFont.load_default(round(size * share))
        pen.text((x, (2 - lift) * size), text, fill="black", font=font, anchor="ls")
        x += font.getlength(text)
    return np.ascontiguousarray(np.asarray(image, np.uint8))


def read(ocr: Ocr, pixels: Pixels) -> str:
    return " ".join(word.text for word in ocr.read(pixels))


@pytest.mark.parametrize(
    ("base", "raised", "behind", "text"),
    [
        ("1,234", "1", "", "1,234¹"),
        ("12.5", "12", "", "12.5¹²"),
        ("4.71", "b", "", "4.71ᵇ"),
        ("35 cm", "2", " net", "35 cm² net"),
        ("17.6%", "[93]", "", "17.6%[93]"),
        ("8.04", "±0.07", "", "8.04±0.07"),
    ],
)
def test_raised_marks_stay_apart_from_their_number(
    ocr: Ocr, base: str, raised: str, behind: str, text: str
) -> None:
    assert read(ocr, line(base, raised, behind=behind)) == text


@pytest.mark.parametrize("size", [15, 21, 36])
def test_raised_digits_in_several_sizes(ocr: Ocr, size: int) -> None:
    assert read(ocr, line("967", "3", size)) == "967³"


@pytest.mark.parametrize("text", ["12.51", "967-3", "1,234 a", "71st", "4'11\""])
def test_digits_on_the_line_stay_digits(ocr: Ocr, text: str) -> None:
    assert read(ocr, line(text, "")) == text
