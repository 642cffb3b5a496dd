"""Dashes and dots that stand alone in a cell, told by their shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.recognition.evidence import Word
from app.tables.geometry import Box

_DOT = 0.3
"""Greatest side of a dot, in character heights."""
LONGEST_DASH = 2.2
"""In character heights."""
LOOK_ALIKES = frozenset("一ー−—–‐-")
"""Signs that the recognition network takes a lone dash for."""


def sign_of(strokes: Sequence[Box], height: float) -> str:
    """The dash or the dots that these strokes are, "" for anything else: the recognition network knows such
    signs only among letters. ``height``: character height."""
    if len(strokes) == 1 and _is_dash(strokes[0], height):
        return _dash_of(strokes[0].width / height)
    if not all(max(stroke.width, stroke.height) < _DOT * height for stroke in strokes):
        return ""
    places = [stroke.center for stroke in strokes]
    if max(y for _, y in places) - min(y for _, y in places) < 0.2 * height:
        return "." * len(strokes)
    return ":" if len(strokes) == 2 and abs(places[0][0] - places[1][0]) < 0.2 * height else ""


def _dash_of(length: float) -> str:
    """The dash of this length in character heights."""
    return "-" if length < 0.5 else "–" if length < 0.9 else "—"


def _is_dash(box: Box, height: float) -> bool:
    return (
        box.height < 0.25 * height and max(1.5 * box.height, 0.2 * height) < box.width < LONGEST_DASH * height
    )


def with_signs(words: Sequence[Word], height: float) -> list[Word]:
    """The words, lone look-alikes of a dash made the dash of their length; without lone dots, of which the
    network knows neither how many there are nor that they are dots: they are left to the second look."""
    return [
        replace(word, text=_dash_of(word.box.width / height)) if word.text in LOOK_ALIKES else word
        for word in words
        if not _is_lone_dot(word, words, height)
    ]


def _is_lone_dot(word: Word, words: Sequence[Word], height: float) -> bool:
    """True for a word no larger than a dot, with no word beside it that it may belong to."""
    box = word.box
    if max(box.width, box.height) >= _DOT * height:
        return False
    near = Box(box.x0 - height, box.y0 - height, box.x1 + height, box.y1 + height)
    return not any(near.overlap(other.box) for other in words if other is not word)
