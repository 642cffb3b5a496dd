"""Compares a text layer with what the page shows, font by font: a font whose glyphs say something else than
its characters lies in all its words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Word
from app.recognition.local.ctc import Reading
from app.tables.geometry import Box

Recognize = Callable[[Sequence[Pixels]], list[Reading]]

_FIRST_SAMPLES, _LATER_SAMPLES = 6, 1
"""Words of a font that are looked at on the first page that has it, and on each further page."""
_LEAST_CHARACTERS = 3
_LEAST_HEIGHT = 9.0
"""Pixels, below which letters are not surely read."""
_SURE = 0.8
"""Confidence of a reading that may speak against the layer."""
_UNLIKE = 0.5
"""Likeness (Ratcliff/Obershelp) below which it does."""
_LIARS = 0.3
"""Share of words against a font from which it lies, where there are two or more."""
_CHECKED, _LITTLE_CHECKED = 0.995, 0.985
_READABLE = ((0x30, 0x530), (0x1E00, 0x2000), (0x3040, 0xA000))
"""Latin, Greek, Cyrillic and East Asian characters: what the network can read."""


@dataclass(slots=True)
class _Record:
    """What was seen of one font so far."""

    judged: int = 0
    against: int = 0

    @property
    def lies(self) -> bool:
        often = self.against >= 2 and self.against >= _LIARS * self.judged
        return self.judged > 0 and (self.against == self.judged or often)


class FontTrial:
    """Remembers the fonts of one document from page to page."""

    def __init__(self, recognize: Recognize) -> None:
        self._recognize = recognize
        self._records: dict[str, _Record] = {}

    def true_words(self, words: Sequence[Word], fonts: Sequence[str], pixels: Pixels) -> list[Word]:
        """The words whose font does not lie, with the confidence that the comparison gives them."""
        samples: list[tuple[str, Word]] = []
        for font, own in _by_font(words, fonts).items():
            count = _LATER_SAMPLES if font in self._records else _FIRST_SAMPLES
            self._records.setdefault(font, _Record())
            samples += [(font, word) for word in _spread(own, count)]
        readings = self._recognize([_crop(pixels, word.box) for _, word in samples])
        for (font, word), reading in zip(samples, readings, strict=True):
            _judge(self._records[font], word, reading)
        return [
            _weighed(word, self._records[font])
            for word, font in zip(words, fonts, strict=True)
            if not self._records[font].lies
        ]


def _by_font(words: Sequence[Word], fonts: Sequence[str]) -> dict[str, list[Word]]:
    found: dict[str, list[Word]] = {}
    for word, font in zip(words, fonts, strict=True):
        found.setdefault(font, []).append(word)
    return found


def _spread(words: Sequence[Word], count: int) -> list[Word]:
    """So many different words that can be read, from all over the page."""
    fit = {
        word.text: word
        for word in words
        if word.char_edges and word.box.height >= _LEAST_HEIGHT and _is_readable(_letters(word.text))
    }
    able = list(fit.values())
    return [able[i * len(able) // count] for i in range(count)] if len(able) > count else able


def _is_readable(letters: str) -> bool:
    known = all(any(low <= ord(char) < high for low, high in _READABLE) for char in letters)
    return known and len(letters) >= _LEAST_CHARACTERS


def _judge(record: _Record, word: Word, reading: Reading) -> None:
    likeness = SequenceMatcher(None, _letters(word.text), _letters(reading.text), autojunk=False).ratio()
    if likeness < _UNLIKE and reading.confidence < _SURE:
        return  # not read well enough to say anything
    record.judged += 1
    record.against += likeness < _UNLIKE


def _letters(text: str) -> str:
    """What counts in a comparison: letters and digits without case."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def _weighed(word: Word, record: _Record) -> Word:
    if record.judged == 0:
        return word
    return replace(word, confidence=_CHECKED if record.judged > 1 else _LITTLE_CHECKED)


def _crop(pixels: Pixels, box: Box) -> Pixels:
    height, width = pixels.shape[:2]
    pad = 0.15 * box.height
    x0, y0 = max(0, round(box.x0 - pad)), max(0, round(box.y0 - pad))
    x1, y1 = min(width, round(box.x1 + pad)), min(height, round(box.y1 + pad))
    crop = pixels[y0 : max(y0 + 1, y1), x0 : max(x0 + 1, x1)]
    return np.ascontiguousarray(crop) if crop.size else np.full((8, 8, 3), 255, np.uint8)
