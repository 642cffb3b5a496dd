"""Rulings of every make are found, letters and leaders are none."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Ruling, Word
from app.recognition.local.rulings import detect_rulings
from app.tables.geometry import Box

_X, _Y = (30, 190, 290, 390), (20, 50, 80, 140)
_LABELS = ("Depreciation", "65,453", "91.2%")


def _written(ground: int = 255) -> tuple[Pixels, list[Word]]:
    """Three columns and rows of words, 14 pixels high, without rulings."""
    pixels = np.full((170, 420, 3), ground, np.uint8)
    words: list[Word] = []
    for x, label in zip(_X, _LABELS, strict=False):
        for y in _Y[:-1]:
            (width, height), _ = cv2.getTextSize(label, cv2.FONT_HERSHEY_SIMPLEX, 0.55, 1)
            cv2.putText(pixels, label, (x + 10, y + 22), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (0, 0, 0), 1)
            words.append(Word(label, Box(x + 10, y + 22 - height, x + 10 + width, y + 24)))
    return pixels, words


def _ruled(pixels: Pixels, on: int, off: int, colour: int, thickness: int = 1) -> None:
    for y in _Y:
        for x in range(_X[0], _X[-1], on + off):
            pixels[y : y + thickness, x : x + on] = colour
    for x in _X:
        for y in range(_Y[0], _Y[-1], on + off):
            pixels[y : y + on, x : x + thickness] = colour


def _places(rulings: list[Ruling], horizontal: bool) -> list[int]:
    return sorted(round(r.at) for r in rulings if r.horizontal == horizontal)


@pytest.mark.parametrize(("on", "off"), [(1, 1), (2, 2), (4, 3), (7, 5)])
def test_dotted_and_dashed_rulings(on: int, off: int) -> None:
    pixels, words = _written()
    _ruled(pixels, on, off, 60)
    found = detect_rulings(pixels, words, 14.0)
    assert _places(found, True) == pytest.approx(_Y, abs=2)
    assert _places(found, False) == pytest.approx(_X, abs=2)
    assert all(r.length > 0.9 * (360 if r.horizontal else 120) for r in found)


def test_white_rules_on_a_coloured_ground_cross_narrow_columns() -> None:
    pixels, words = _written(205)
    _ruled(pixels, 1, 0, 255, thickness=2)
    found = detect_rulings(pixels, words, 14.0)
    assert _places(found, True) == pytest.approx(_Y, abs=2)
    assert _places(found, False) == pytest.approx(_X, abs=2)


def test_text_and_the_dots_that_lead_to_a_number_are_no_rulings() -> None:
    pixels, words = _written()
    for y in _Y[:-1]:
        pixels[y + 20 : y + 22, 145:195:5] = 0
    assert detect_rulings(pixels, words, 14.0) == []


def test_strokes_of_lone_digits_below_each_other_are_no_ruling() -> None:
    pixels = np.full((260, 200, 3), 255, np.uint8)
    words: list[Word] = []
    for y in range(30, 240, 24):
        cv2.rectangle(pixels, (99, y), (101, y + 20), (0, 0, 0), -1)
        words.append(Word("1", Box(98, y, 103, y + 21)))
    assert not [ruling for ruling in detect_rulings(pixels, words, 18.0) if not ruling.horizontal]


def test_the_soft_rim_of_digits_in_a_photograph_is_no_dotted_ruling() -> None:
    pixels = np.full((260, 200, 3), 255, np.uint8)
    words: list[Word] = []
    for y in range(30, 240, 30):
        cv2.rectangle(pixels, (101, y), (104, y + 20), (0, 0, 0), -1)
        pixels[y : y + 20 : 4, 96] = 120
        words.append(Word("1", Box(99, y, 105, y + 21)))
    assert not [ruling for ruling in detect_rulings(pixels, words, 22.0) if not ruling.horizontal]


def test_rims_of_turned_rulings_and_edges_of_digits_between_them_are_no_dotted_ruling() -> None:
    """Turning a page leaves steps along its rulings, at the same places of each."""
    pixels = np.full((240, 200, 3), 255, np.uint8)
    words = [Word("8.73", Box(80, 34 + 40 * row, 130, 49 + 40 * row)) for row in range(5)]
    for row in range(6):
        y = 20 + 40 * row
        pixels[y : y + 3, 10:190] = 0
        pixels[[y - 1, y + 3], 11:190:5] = 200
    for word in words:
        for y in (int(word.box.y0), int(word.box.y1) - 3):
            pixels[y : y + 3, 81] = 0
    found = detect_rulings(pixels, words, 16.0)
    assert len(_places(found, True)) == 6
    assert not _places(found, False)


def test_a_broken_ruling_close_to_words_stays_whole() -> None:
    pixels, words = _written()
    x = round(words[0].box.x0) - 1
    words = [replace(word, box=replace(word.box, x0=word.box.x0 - 2)) for word in words]
    for top, bottom in ((20, 49), (52, 79), (82, 140)):
        pixels[top:bottom, x] = 90
    found = detect_rulings(pixels, words, 14.0)
    assert [(int(r.at), round(r.start), round(r.end)) for r in found] == [(x, 20, 140)]


@pytest.mark.parametrize(("below", "count"), [(2, 0), (5, 1)])
def test_a_rule_as_wide_as_a_heading_is_no_underline_unless_it_is_near(below: int, count: int) -> None:
    """In pixels below the ink of a heading 14 pixels high."""
    pixels, words = _written()
    box = words[0].box
    y = round(box.y1) - 2 + below
    cv2.line(pixels, (round(box.x0), y), (round(box.x1), y), (0, 0, 0), 1)
    bare = [replace(word, box=replace(word.box, y1=word.box.y1 - 2)) for word in words]
    assert len(detect_rulings(pixels, bare, 14.0)) == count


def test_strokes_of_large_digits_whose_word_lies_some_pixels_off_are_no_rulings() -> None:
    pixels = np.full((60, 120, 3), 255, np.uint8)
    for x in (30, 44, 62, 76):
        cv2.rectangle(pixels, (x, 20), (x + 2, 39), (0, 0, 0), -1)
    off = [Word("1011", Box(28, 20, 82, 35.5))]
    assert detect_rulings(pixels, off, 16.0) == []


def test_a_stroke_that_ends_within_a_letter_beside_its_words_box_is_no_ruling() -> None:
    pixels = np.full((60, 160, 3), 255, np.uint8)
    cv2.rectangle(pixels, (44, 30), (99, 31), (0, 0, 0), -1)
    short = [Word("Effects", Box(20, 20, 96, 42))]
    assert detect_rulings(pixels, short, 21.0) == []


@pytest.mark.parametrize("off", [(0, 0, 0, 0), (2, -1, 0, -1), (2, 0, 0, 0), (0, 1, -2, 0), (0, 0, 0, -2)])
def test_strokes_are_no_rulings_where_word_boxes_are_slightly_off(off: tuple[int, ...]) -> None:
    """By so many pixels on the left, at the top, on the right, and at the bottom."""
    pixels = np.full((120, 220, 3), 255, np.uint8)
    for x in (30, 90, 180):
        cv2.rectangle(pixels, (x, 40), (x + 2, 59), (0, 0, 0), -1)
    cv2.rectangle(pixels, (110, 52), (183, 53), (0, 0, 0), -1)
    left, top, right, bottom = off
    word = Word("Ireland", Box(30 + left, 41 + top, 183 + right, 58 + bottom))
    assert detect_rulings(pixels, [word], 17.0) == []


@pytest.mark.parametrize("height", [12.0, 13.0, 14.0, 15.0, 16.0])
def test_rulings_end_where_they_are_drawn_at_any_character_height(height: float) -> None:
    pixels = np.full((200, 300, 3), 255, np.uint8)
    pixels[40:42, 30:271] = pixels[40:161, 30:32] = 0
    found = [(round(r.start), round(r.end)) for r in detect_rulings(pixels, [], height)]
    assert found == [(32, 271), (42, 161)]
