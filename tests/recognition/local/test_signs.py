"""Dashes and dots among words."""

from __future__ import annotations

from app.recognition.evidence import Word
from app.recognition.local.signs import with_signs
from app.tables.geometry import Box

HEIGHT = 20.0


def test_a_lone_dot_is_no_word() -> None:
    """Of two dots for "not known" OCR boxes one, and calls it an apostrophe."""
    dot = Word("`", Box(100, 50, 103, 53), 0.24)
    number = Word("12", Box(10, 40, 30, 60), 1.0)
    assert with_signs([dot, number], HEIGHT) == [number]


def test_a_point_beside_a_word_stays() -> None:
    words = [Word("12", Box(10, 40, 30, 60), 1.0), Word(".", Box(32, 57, 35, 60), 0.5)]
    assert with_signs(words, HEIGHT) == words


def test_the_look_alike_of_a_dash_is_the_dash_of_its_length() -> None:
    found = with_signs([Word("一", Box(10, 40, 25, 60), 0.9)], HEIGHT)
    assert [word.text for word in found] == ["–"]
