"""Tables of drawn pages, from pixels on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.recognition.decoding.page import Pixels
from app.recognition.engine import Recognition
from tests.support.drawing import table
from tests.support.tables import Look, Sheet, draw, texts

Recognize = Callable[[Pixels], Recognition]

PEOPLE = table(
    "Town | 2019 | 2020 | 2021",
    "Bern | 134 | 135 | 137",
    "Basel | 178 | 179 | 181",
    "Chur | 40 | 41 | 39",
    header_rows=1,
)
PROSE = (
    "Nobody had expected that the second quarter would turn out so well after",
    "the slow start of the year, and the company had prepared for much worse.",
    "The figures for the single towns are given here as far as they are known.",
)


def bar_chart() -> Pixels:
    """Bars with their values, on a grid, in a frame, with a legend."""
    image = Image.new("RGB", (760, 420), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(18)
    pen.rectangle([2, 2, 757, 417], outline=(0, 0, 0), width=2)
    for i in range(6):
        y = 320 - 50 * i
        pen.line([70, y, 730, y], fill=(140, 140, 140))
        pen.text((30, y - 10), str(i * 20), fill=(0, 0, 0), font=font)
    for i, pair in enumerate([(34, 51), (48, 62), (71, 55), (39, 80), (66, 91)]):
        for j, value in enumerate(pair):
            x, top = 95 + 128 * i + 48 * j, 320 - 2.5 * value
            pen.rectangle([x, top, x + 42, 320], fill=((70, 110, 180), (220, 130, 60))[j])
            pen.text((x + 10, top - 22), str(value), fill=(0, 0, 0), font=font)
        pen.text((115 + 128 * i, 330), str(2018 + i), fill=(0, 0, 0), font=font)
    for x, name in ((230, "North"), (420, "South")):
        pen.rectangle([x, 374, x + 14, 388], fill=(70, 110, 180))
        pen.text((x + 22, 370), name, fill=(0, 0, 0), font=font)
    return np.ascontiguousarray(np.asarray(image, np.uint8)[:, :, ::-1])


def test_striped_table_without_rulings_in_prose(recognize: Recognize) -> None:
    sheet = Sheet()
    sheet.text(*PROSE)
    sheet.table(PEOPLE, Look(rules="none", pad_x=40, stripe=(222, 230, 240)))
    sheet.text(*PROSE)
    found = recognize(sheet.pixels())
    assert [texts(item.table) for item in found.tables] == [texts(PEOPLE)]


def test_chart_is_no_table_beside_one(recognize: Recognize) -> None:
    chart = bar_chart()
    drawn = draw(PEOPLE, Look(rules="booktabs", pad_x=40))
    page = np.full((chart.shape[0] + drawn.shape[0] + 80, 860, 3), 255, np.uint8)
    page[30 : 30 + chart.shape[0], 40 : 40 + chart.shape[1]] = chart
    page[60 + chart.shape[0] : 60 + chart.shape[0] + drawn.shape[0], 40 : 40 + drawn.shape[1]] = drawn
    found = recognize(page)
    assert [texts(item.table) for item in found.tables] == [texts(PEOPLE)]


def test_crop_without_margins(recognize: Recognize) -> None:
    pixels = draw(PEOPLE, Look(rules="none", pad_x=30), margin=2)
    found = recognize(pixels[8:-8, 26:-26])
    assert [texts(item.table) for item in found.tables] == [texts(PEOPLE)]


def test_booktabs_tables_beside_each_other_below_prose(recognize: Recognize) -> None:
    other = table("Key | Value", "red | 10", "green | 25", "blue | 31", header_rows=1)
    sheet = Sheet()
    sheet.text(*PROSE)
    sheet.table(PEOPLE, Look(rules="booktabs", pad_x=20))
    sheet.table(other, Look(rules="booktabs", pad_x=20), left=560)
    found = recognize(sheet.pixels())
    assert [texts(item.table) for item in found.tables] == [texts(PEOPLE), texts(other)]
