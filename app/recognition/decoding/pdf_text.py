"""The text layer of a PDF page as words, or nothing where the layer cannot be trusted."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from app.recognition.decoding.page import Pixels
from app.recognition.decoding.pdfium import PageToPixels, raw
from app.recognition.evidence import Word
from app.tables.geometry import Box

_MAX_CHARACTERS = 100_000
_MAX_FAULTY = (
    0.05  # share of characters without meaning, unseen or not level, above which the layer is dropped
)
_LEVEL = math.radians(3)
_WIDE = 0.5  # gap in heights of the font from which on another word begins
_MIN_CONTRAST = 40  # grey levels between a character and its ground


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    spaced: bool
    """A space stands before it."""

    @property
    def height(self) -> float:
        return self.y1 - self.y0


def text_layer(page: Any, to_pixels: PageToPixels, pixels: Pixels) -> tuple[Word, ...]:
    """Words in reading order of the document; empty where characters are garbled, invisible or turned."""
    with closing(page.get_textpage()) as layer:
        if layer.count_chars() > _MAX_CHARACTERS:
            return ()
        characters = _characters(layer, to_pixels)
    if characters is None:
        return ()
    words = (_word(run) for run in _runs(characters))
    return tuple(word for word in words if _has_ink(word.box, pixels))


def _characters(layer: Any, to_pixels: PageToPixels) -> list[_Character] | None:
    """The visible characters; None where too many have a fault."""
    found: list[_Character] = []
    faulty, spaced = 0, False
    for index in range(layer.count_chars()):
        code = raw.FPDFText_GetUnicode(layer, index)
        if code in (0x20, 0xA0, 0x09, 0x0A, 0x0D, 0x02):
            spaced = True
            continue
        box = _box(layer, index, to_pixels)
        if box is None or _is_faulty(layer, index, code) or not _is_level(layer, index, to_pixels):
            faulty += 1
            continue
        found.append(_Character(chr(code), *box, spaced))
        spaced = False
    return None if faulty > _MAX_FAULTY * (len(found) + faulty) else found


def _is_faulty(layer: Any, index: int, code: int) -> bool:
    """No meaning (replacement, private use, control), or unseen (render mode 3, as under scans)."""
    if (
        code < 0x20
        or code >= 0xFFFD
        or 0xD800 <= code <= 0xF8FF
        or raw.FPDFText_HasUnicodeMapError(layer, index) == 1
    ):
        return True
    owner = raw.FPDFText_GetTextObject(layer, index)
    return bool(owner) and raw.FPDFTextObj_GetTextRenderMode(owner) == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _is_level(layer: Any, index: int, to_pixels: PageToPixels) -> bool:
    """Whether the character stands upright on the page as it is shown."""
    angle = -raw.FPDFText_GetCharAngle(layer, index)  # PDFium counts clockwise
    across = to_pixels.xx * math.cos(angle) + to_pixels.xy * math.sin(angle)
    down = to_pixels.yx * math.cos(angle) + to_pixels.yy * math.sin(angle)
    return abs(math.atan2(down, across)) < _LEVEL


def _box(layer: Any, index: int, to_pixels: PageToPixels) -> tuple[float, float, float, float] | None:
    """As wide as the ink, as high as the font; None where PDFium knows no place."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose = raw.FS_RECTF()
    if not raw.FPDFText_GetCharBox(layer, index, left, right, bottom, top):
        return None
    if not raw.FPDFText_GetLooseCharBox(layer, index, loose):
        return None
    x0, _, x1, _ = to_pixels.corners(left.value, bottom.value, right.value, top.value)
    _, y0, _, y1 = to_pixels.corners(loose.left, loose.bottom, loose.right, loose.top)
    return (x0, y0, x1, y1) if y1 > y0 and x1 > x0 else None


def _runs(characters: Sequence[_Character]) -> Iterator[list[_Character]]:
    run: list[_Character] = []
    for character in characters:
        if run and not _continues(run[-1], character):
            yield run
            run = []
        run.append(character)
    if run:
        yield run


def _continues(last: _Character, next_: _Character) -> bool:
    height = max(last.height, next_.height)
    level = abs(last.y0 + last.y1 - next_.y0 - next_.y1) / 2 < 0.5 * height
    forward = next_.x0 > last.x0 - 0.1 * height  # the letters of a ligature share one box
    return level and forward and next_.x0 - last.x1 < _WIDE * height


def _word(run: Sequence[_Character]) -> Word:
    text, edges = "", [run[0].x0]
    for last, next_ in zip([None, *run], run, strict=False):
        if last is not None:
            if next_.spaced:
                text += " "
                edges += [last.x1, max(last.x1, next_.x0)]
            else:
                edges.append((last.x1 + next_.x0) / 2)
        text += next_.text
    edges.append(run[-1].x1)
    x0, x1 = min(c.x0 for c in run), max(c.x1 for c in run)
    box = Box(x0, min(c.y0 for c in run), x1, max(c.y1 for c in run))
    return Word(text, box, char_edges=tuple(_ascending(edges)))


def _ascending(edges: Sequence[float]) -> Iterator[float]:
    highest = -math.inf
    for edge in edges:
        highest = max(highest, edge)
        yield highest


def _has_ink(box: Box, pixels: Pixels) -> bool:
    """Whether something is to be seen there: a layer may hold hidden text."""
    height, width = pixels.shape[:2]
    x0, y0 = max(0, math.floor(box.x0)), max(0, math.floor(box.y0))
    x1, y1 = min(width, math.ceil(box.x1)), min(height, math.ceil(box.y1))
    if x0 >= x1 or y0 >= y1:
        return False
    inside = pixels[y0:y1, x0:x1]
    return int((inside.max(axis=(0, 1)).astype(int) - inside.min(axis=(0, 1))).max()) >= _MIN_CONTRAST
