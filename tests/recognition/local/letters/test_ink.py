"""A ruling at the end of a text line's image is no letter."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from app.recognition.local.crops import Crop
from app.recognition.local.ocr import Ocr
from app.tables.geometry import Box


@pytest.mark.parametrize(
    ("text", "ruled"), [("6", "right"), ("UK", "left"), ("19", "right"), ("[4]", "none")]
)
def test_rulings_are_not_read(ocr: Ocr, text: str, ruled: str) -> None:
    font = ImageFont.load_default(24)
    width = round(font.getlength(text)) + 20
    image = Image.new("RGB", (width, 36), "white")
    pen = ImageDraw.Draw(image)
    pen.text((10, 27), text, fill="black", font=font, anchor="ls")
    if ruled != "none":
        x = 2 if ruled == "left" else width - 4
        pen.line([x, 0, x, 36], fill="black", width=2)
    crop = Crop(np.ascontiguousarray(np.asarray(image, np.uint8)), Box(0, 0, width, 36))

    assert [word.text for word in ocr.read_crops([crop])] == [text]
