"""Capital or small: letters whose two cases look alike, told by their height.

The recognition network sees each line scaled to the same height, so that a lone ``x`` looks to it like ``X``.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Word
from app.recognition.local.letters.ink import ink_of
from app.recognition.local.letters.strokes import Stroke, pairs, strokes_of

_ALIKE = frozenset("cosuvwxzCOSUVWXZ")
_SMALL = frozenset("acemnorsuvwxz")
_TALL = frozenset("bdfhklABCDEFGHIKLMNOPRSTUVWXYZ0123456789")
_BETWEEN = frozenset("ti .%")
_SAME_LINE = 0.15
"""Letters whose feet are this near, in tall letters, stand on one line: others are raised or lowered."""
_CAPITAL, _LOWER = 0.89, 0.83
"""Heights, in tall letters', from which a letter is a capital and up to which it is small."""
_USUAL_SMALL = 0.75
"""Height of small letters in tall ones': .72 to .76 in most fonts, more where they are few pixels high."""
_NEIGHBOURS = 8
_LONGEST = 3
"""Longest word of look-alikes alone that is measured by its neighbours."""


def with_cases(pixels: Pixels, words: Sequence[Word]) -> list[Word]:
    """The words of a page, letters whose case the decoder cannot know set by their height. A lone ``0`` among
    no other digits, as low as a small letter and perhaps one to the decoder, is a mark: ``o``."""
    tall = [word for word in words if _is_tall(word.text) and not is_lone(word.text)]
    numbers = [word for word in words if word.text != "0" and any(char.isdigit() for char in word.text)]
    read = [_as_mark(pixels, word, tall) if _may_be_mark(word, numbers) else word for word in words]
    return [_settled(pixels, word, tall) if _is_open(word) else word for word in read]


def _is_tall(text: str) -> bool:
    """Whether the word is as high as a capital, all of it."""
    return any(char in _TALL for char in text) and set(text) <= _TALL | _SMALL | _BETWEEN


def _is_open(word: Word) -> bool:
    return bool(_rivalled(word)) or is_lone(word.text)


def _may_be_mark(word: Word, numbers: Sequence[Word]) -> bool:
    if word.text != "0" or not any(rival.text in ("o", "O") for rival in word.rivals):
        return False
    return not any(number.box.x0 <= word.box.center[0] <= number.box.x1 for number in numbers)


def _as_mark(pixels: Pixels, word: Word, tall: Sequence[Word]) -> Word:
    letters = _letters(pixels, word)
    low = 0 in letters and letters[0].height <= _LOWER * _beside(word, tall)
    return replace(word, text="o") if low else word


def is_lone(text: str) -> bool:
    """Whether nothing in the word itself tells its case."""
    return len(text) <= _LONGEST and set(text) <= _ALIKE


def _rivalled(word: Word) -> set[int]:
    """Characters that the decoder may have taken for the other case."""
    return {
        rival.start
        for rival in word.rivals
        if rival.end == rival.start + 1
        and word.text[rival.start] in _ALIKE
        and rival.text == word.text[rival.start].swapcase()
    }


def _settled(pixels: Pixels, word: Word, tall: Sequence[Word]) -> Word:
    letters = _letters(pixels, word)
    lone = is_lone(word.text)
    places = set(range(len(word.text))) if lone else _rivalled(word)
    text = list(word.text)
    for place in places & letters.keys():
        usual = _beside(word, tall) if lone else _within(word.text, letters, place, places)
        if usual and letters[place].height >= _CAPITAL * usual:
            text[place] = text[place].upper()
        elif letters[place].height <= _LOWER * usual:
            text[place] = text[place].lower()
    settled = "".join(text)
    return word if lone and settled not in (settled.upper(), settled.lower()) else replace(word, text=settled)


def _letters(pixels: Pixels, word: Word) -> dict[int, Stroke]:
    """The ink of each character, in pixels of the word's image."""
    box = word.box
    left, top = max(0, round(box.x0) - 1), max(0, round(box.y0) - 1)
    ink = ink_of(np.ascontiguousarray(pixels[top : round(box.y1) + 1, left : round(box.x1) + 1]))
    strokes = strokes_of(ink)
    edges = word.char_edges or (box.x0, box.x1)
    if len(edges) != len(word.text) + 1:
        return {}
    found = pairs(strokes, [(a + b) / 2 - left for a, b in itertools.pairwise(edges)])
    return {place: strokes[stroke] for place, stroke in found.items()}


def _within(text: str, letters: dict[int, Stroke], place: int, open_places: set[int]) -> float:
    """Height of the word's own tall letters on the same line; 0 where no other letter tells it."""
    sure = {i: letter for i, letter in letters.items() if i not in open_places}
    tall = [letter for i, letter in sure.items() if text[i] in _TALL]
    small = [letter for i, letter in sure.items() if text[i] in _SMALL]
    if not tall and not small:
        return 0.0
    usual = float(np.median([letter.height for letter in tall or small])) / (1.0 if tall else _USUAL_SMALL)
    foot = float(np.median([letter.bottom for letter in tall or small]))
    return usual if abs(foot - letters[place].bottom) <= _SAME_LINE * usual else 0.0


def _beside(word: Word, tall: Sequence[Word]) -> float:
    """Height of the nearest words that are as high as a capital."""
    x, y = word.box.center
    others = [other for other in tall if other is not word]
    near = sorted(others, key=lambda o: abs(o.box.center[0] - x) + abs(o.box.center[1] - y))[:_NEIGHBOURS]
    return float(np.median([other.box.height for other in near])) if near else 0.0
