"""Ink of a page that its text layer and its vector rules do not explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Ruling, Word
from app.tables.geometry import Box

_SMALLEST, _TALLEST, _WIDEST = 0.35, 6.0, 6.0
"""Sides of a letter in heights of the known characters: what is not known may be larger."""
_BAR, _SOLID = 0.6, 0.85
"""What is wider than a bar and so full of ink is a field: an empty cell between its rules."""
_LONG, _THIN = 1.1, 0.45
"""Sides of a rule."""
_CONTRAST = 40
"""Grey levels between ink and its ground."""
_SHRUNK = 2
"""The search runs on every second pixel: letters are still told then."""
_AROUND = 2
"""Pixels around what is explained."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Ink that nothing explains."""

    letters: list[Box]
    """Strokes of the size of letters."""
    has_lines: bool
    """Whether there are strokes like rules."""


def painted_over(pixels: Pixels, words: Sequence[Word]) -> Pixels:
    """The page without these words: each place in the colour of its ground."""
    clean = pixels.copy()
    height, width = pixels.shape[:2]
    for word in words:
        box = word.box
        x0, y0 = max(0, int(box.x0) - _AROUND), max(0, int(box.y0) - _AROUND)
        x1, y1 = min(width, int(np.ceil(box.x1)) + _AROUND), min(height, int(np.ceil(box.y1)) + _AROUND)
        if x0 < x1 and y0 < y1:
            clean[y0:y1, x0:x1] = np.median(pixels[y0:y1, x0:x1], axis=(0, 1)).astype(np.uint8)
    return clean


def unexplained(clean: Pixels, rulings: Sequence[Ruling], height: float) -> Leftover:
    """What is left on a page whose known words are painted over. ``height``: character height."""
    gray = np.asarray(cv2.cvtColor(clean[::_SHRUNK, ::_SHRUNK], cv2.COLOR_BGR2GRAY), np.uint8)
    side = 2 * max(2, round(0.75 * height / _SHRUNK)) + 1
    kernel = np.ones((side, side), np.uint8)
    hidden = [_place(ruling) for ruling in rulings]
    letters: list[Box] = []
    lines = False
    for operation in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT):  # dark on light, light on dark
        ink = np.asarray(cv2.morphologyEx(gray, operation, kernel) > _CONTRAST).astype(np.uint8)
        for place in hidden:
            ink[place] = 0
        strokes: list[list[int]] = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:].tolist()
        letters += [_grown(stroke) for stroke in strokes if _is_letter(stroke, height / _SHRUNK)]
        lines = lines or any(_is_line(stroke, height / _SHRUNK) for stroke in strokes)
    return Leftover(letters, lines)


def _is_letter(stroke: Sequence[int], height: float) -> bool:
    _, _, w, h, area = stroke
    fits = _SMALLEST * height <= h <= _TALLEST * height and w <= _WIDEST * height
    return fits and not (w > _BAR * height and area > _SOLID * w * h)


def _is_line(stroke: Sequence[int], height: float) -> bool:
    _, _, w, h, _ = stroke
    return max(w, h) > _LONG * height and min(w, h) < _THIN * height


def _grown(stroke: Sequence[int]) -> Box:
    """In pixels of the whole page."""
    x, y, w, h, _ = stroke
    return Box(_SHRUNK * x, _SHRUNK * y, _SHRUNK * (x + w), _SHRUNK * (y + h))


def _place(ruling: Ruling) -> tuple[slice, slice]:
    """Rows and columns of the shrunk page."""
    reach = ruling.thickness / 2 + _AROUND
    along = slice(max(0, int(ruling.start - _AROUND) // _SHRUNK), int(ruling.end + _AROUND) // _SHRUNK + 1)
    aside = slice(max(0, int(ruling.at - reach) // _SHRUNK), max(0, int(ruling.at + reach) // _SHRUNK + 1))
    return (aside, along) if ruling.horizontal else (along, aside)
