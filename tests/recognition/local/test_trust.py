"""What is known about a cell's text, ink and place before its confidence is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Rival, Word
from app.recognition.local.evidence import GridHypothesis
from app.recognition.local.fill import fill
from app.recognition.local.regions.region import Region
from app.recognition.local.structure.choice import Choice
from app.recognition.local.trust.features import features
from app.recognition.local.trust.glyphs import glyphs
from app.recognition.local.trust.judged import Features, Judged
from app.tables.geometry import Box

COLS, ROW = (0.0, 200.0, 400.0), 60.0
SIZE = 32


def table(texts: list[list[str]], pixels: Pixels | None = None) -> Judged:
    """Words at the middle of each row, closely boxed as the font draws them."""
    words = [_word(text, col, row) for row, line in enumerate(texts) for col, text in enumerate(line) if text]
    grid = GridHypothesis(tuple(ROW * i for i in range(len(texts) + 1)), COLS)
    region = Region(Box(0, 0, COLS[-1], ROW * len(texts)), tuple(words), ())
    return Judged(region, Choice.of(region, grid), fill(words, grid, 24), 1, 24, pixels)


def _font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(SIZE)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def _word(text: str, col: int, row: int) -> Word:
    x, y, font = COLS[col] + 20, ROW * row + 12, _font()
    edges = tuple(x + font.getlength(text[:i]) for i in range(len(text) + 1))
    box = font.getbbox(text)
    return Word(text, Box(x + box[0], y + box[1], x + box[2], y + box[3]), 0.99, char_edges=edges)


def drawn(texts: list[list[str]]) -> Pixels:
    image = Image.new("RGB", (int(COLS[-1]), int(ROW * len(texts))), "white")
    for row, line in enumerate(texts):
        for col, text in enumerate(line):
            ImageDraw.Draw(image).text((COLS[col] + 20, ROW * row + 12), text, fill="black", font=_font())
    return np.asarray(image)[:, :, ::-1].copy()


def known(texts: list[list[str]], pixels: Pixels | None = None) -> list[Features]:
    return features(table(texts, pixels))


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("GPT-40", "mixed"),
        ("LOw", "odd case"),
        ("a", "lone letters"),
        ("Vo", "caseless"),
        ("± 4", "rare signs"),
    ],
)
def test_a_text_of_signs_that_are_drawn_alike_is_told_from_a_plain_one(text: str, feature: str) -> None:
    odd, plain = known([[text, "Harbour"]])
    assert odd[feature] > 0 == plain[feature]


def test_a_word_that_stands_elsewhere_in_letters_drawn_alike_is_told() -> None:
    found = known([["Total", "Tota1"], ["Low", "High"]])
    assert [cell["twins"] for cell in found] == [1, 1, 0, 0]


def test_ink_that_is_taller_or_lower_than_its_letters_is_told() -> None:
    """A ``γ`` that was read as ``r`` reaches below the line, an ``O`` for an ``o`` stands too tall."""
    seen = [["Harbour", "Meadow"], ["grace", "Orchard"], ["Flow", "panel"]]
    right = known(seen, drawn(seen))
    read = [["Harbour", "Meadow"], ["grace", "orchard"], ["Flow", "ranel"]]
    wrong = glyphs(replace(table(read), pixels=drawn(seen)))
    assert wrong[3]["top misfit"] > 0.15 > right[3]["top misfit"]
    assert wrong[5]["bottom misfit"] > 0.15 > right[5]["bottom misfit"]
    assert right[0]["strokes"] < 0.3


def test_nothing_is_said_of_ink_without_an_image() -> None:
    assert glyphs(table([["Harbour", "104.2"]])) == [{}, {}]


def test_a_row_that_holds_lines_of_two_heights_is_told() -> None:
    judged = table([["Region", "Sum"], ["Harbour", "104.2"], ["Meadow", "87.5"]])
    lower = replace(judged.cells[3].words[0], box=Box(220, 95, 290, 118))
    shifted = replace(
        judged, cells=[*judged.cells[:3], replace(judged.cells[3], words=(lower,)), *judged.cells[4:]]
    )
    assert [cell["row lines"] for cell in features(shifted)] == [1, 1, 2, 2, 1, 1]


def test_a_doubtful_space_costs_no_certainty_and_a_doubtful_letter_does() -> None:
    """Whether a space stands in ``5 000`` changes no digit of it."""
    plain = table([["5 000", "5 000"]])
    first, second = plain.cells
    space = replace(first.words[0], confidence=0.9, rivals=(Rival(1, 2, "", 0.45),))
    letter = replace(second.words[0], confidence=0.9, rivals=(Rival(0, 1, "S", 0.45),))
    doubted = replace(plain, cells=[replace(first, words=(space,)), replace(second, words=(letter,))])
    spaced, lettered = features(doubted)
    assert spaced["rival"] == spaced["lost or added"] == 0 < lettered["rival"]
    assert spaced["certainty"] > 0.98 > lettered["certainty"] == 0.9
