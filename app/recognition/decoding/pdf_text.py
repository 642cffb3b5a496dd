"""The text layer of a PDF page as words: what is to be seen on the page, and nothing else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from app.recognition.decoding.page import Pixels
from app.recognition.decoding.pdf_characters import Character, CharacterReader
from app.recognition.decoding.pdf_clips import Layering
from app.recognition.decoding.pdf_scripts import with_scripts
from app.recognition.decoding.pdf_words import Run, are_spaces_drawn, lines_of, runs_of
from app.recognition.decoding.pdfium import PageToPixels
from app.recognition.decoding.turning import Turn
from app.recognition.evidence import Word
from app.tables.geometry import Box

_MAX_CHARACTERS = 100_000
_LEAST_CONTRAST = 24
"""Grey levels between a character and its ground."""
_AROUND = 1.5
"""Pixels around a character's ink that are its ground."""
_CAPITAL = 0.68
"""Height of a capital letter in sizes of its font: a word of small letters or a dash is as high as others."""
_CONFIDENCE = 0.97
"""Of words that were not compared with their image."""


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words of a page in pixels of the page after the turn."""

    words: tuple[Word, ...] = ()
    fonts: tuple[str, ...] = ()
    """The name of the font of each word."""
    quarter_turns: int = 0
    """Counter-clockwise, of the page, that make most of its text level."""


def text_layer(page: Any, to_pixels: PageToPixels, pixels: Pixels) -> TextLayer:
    """Left out are hidden characters and words with a character that the document gives no meaning."""
    height, width = pixels.shape[:2]
    with closing(page.get_textpage()) as layer:
        if layer.count_chars() > _MAX_CHARACTERS:
            return TextLayer()
        drawn = list(CharacterReader(layer, to_pixels, width, height).characters())
    layering = Layering.of(page, to_pixels)
    seen = [character for character in drawn if _is_seen(character, layering, pixels)]
    turns = Counter(character.turn for character in seen if character.text != " ")
    upright = max(turns, key=lambda turn: (turns[turn], turn == 0), default=0)
    whole = [(run, turn) for turn in turns for run in _whole_runs([c for c in seen if c.turn == turn])]
    words = tuple(_word(run, Turn(turn, width, height), Turn(upright, width, height)) for run, turn in whole)
    return TextLayer(words, tuple(run.characters[0].font for run, _ in whole), upright)


def _whole_runs(characters: Iterable[Character]) -> list[Run]:
    lines = with_scripts(lines_of(characters))
    spaces_drawn = are_spaces_drawn(lines)
    return [run for line in lines for run in runs_of(line, spaces_drawn=spaces_drawn) if run.is_whole]


def _word(run: Run, own: Turn, upright: Turn) -> Word:
    top = min(min(character.ink.y0, character.base - _CAPITAL * character.em) for character in run.characters)
    bottom = max(max(character.ink.y1, character.base) for character in run.characters)
    box = Box(run.edges[0], top, max(run.edges[-1], run.edges[0]), bottom)
    if own.quarters == upright.quarters:
        return Word(run.text, box, _CONFIDENCE, char_edges=run.edges)
    return Word(run.text, upright.box(own.back.box(box)), _CONFIDENCE)


def _is_seen(character: Character, layering: Layering, pixels: Pixels) -> bool:
    """Whether the character is drawn where it can be seen: not cut off, not covered, not in the colour of
    its ground. A space is always seen."""
    if character.text == " ":
        return True
    height, width = pixels.shape[:2]
    ink = Turn(character.turn, width, height).back.box(character.ink)
    x, y = ink.center
    if not (0 <= x <= width and 0 <= y <= height) or not layering.shows(character.owner, x, y):
        return False
    return _contrast(ink, pixels) >= _LEAST_CONTRAST


def _contrast(ink: Box, pixels: Pixels) -> int:
    height, width = pixels.shape[:2]
    x0, y0 = max(0, math.floor(ink.x0 - _AROUND)), max(0, math.floor(ink.y0 - _AROUND))
    x1, y1 = min(width, math.ceil(ink.x1 + _AROUND)), min(height, math.ceil(ink.y1 + _AROUND))
    if x0 >= x1 or y0 >= y1:
        return 0
    inside = pixels[y0:y1, x0:x1]
    return int((inside.max(axis=(0, 1)).astype(int) - inside.min(axis=(0, 1))).max())
