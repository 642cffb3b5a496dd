"""The characters of a PDF page's text layer, each in a frame in which its text is level."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from app.recognition.decoding.pdfium import PageToPixels, raw
from app.recognition.decoding.turning import Turn
from app.tables.geometry import Box

_LEVEL = math.radians(3)
_LIGATURES = range(0xFB00, 0xFB07)
_SPACES = frozenset("\u0020\u00a0\u1680\u202f\u205f\u3000\t" + "".join(map(chr, range(0x2000, 0x200B))))
_NOTHING = frozenset("\u200b\u200c\u200d\u2060\ufeff\r\n")
_LINE_END_HYPHEN = 0x02
_UNPAINTED = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)


@dataclass(frozen=True, slots=True)
class Character:
    """One character. Lengths in pixels; ``turn``: quarter turns of the page that make its text level; all
    places are those after the turn."""

    text: str
    """"" where the document doesn't say what it means; " " for a space."""
    ink: Box
    left: float
    right: float
    """From the pen's place to the next character's."""
    base: float
    """The y of the base line."""
    em: float
    """Size of the font."""
    turn: int
    owner: int
    """Which text object draws it: an address."""
    font: str
    """Its name in the document; may be empty."""


@dataclass(frozen=True, slots=True)
class CharacterReader:
    """Reads one page's text layer. ``width``, ``height``: of the page in pixels."""

    layer: Any
    to_pixels: PageToPixels
    width: int
    height: int
    _fonts: dict[int, str] = field(default_factory=dict[int, str])

    def characters(self) -> Iterator[Character]:
        """In the document's order: those that are drawn, spaces included, text at a slant left out."""
        drawn = (
            character
            for index in range(self.layer.count_chars())
            if not raw.FPDFText_IsGenerated(self.layer, index)
            for character in self._read(index)
        )
        for _, ligature in groupby(drawn, key=lambda c: (c.owner, c.left, c.base, c.right)):
            yield from _shared(list(ligature))

    def _read(self, index: int) -> Iterator[Character]:
        text = self._text(index)
        turn = self._turn(index)
        owner = raw.FPDFText_GetTextObject(self.layer, index)
        if text is None or turn is None or _is_unpainted(owner):
            return
        boxes = self._boxes(index, Turn(turn, self.width, self.height))
        if boxes is None:
            return
        ink, advance, base = boxes
        address = ctypes.cast(owner, ctypes.c_void_p).value or 0
        places = (ink, advance.x0, advance.x1, base, self._em(index), turn, address)
        for part in text or [""]:
            yield Character(part, *places, self._font(owner, address))

    def _text(self, index: int) -> str | None:
        """What it says, "" where that is not known, None where it is nothing to be seen."""
        code = raw.FPDFText_GetUnicode(self.layer, index)
        if code == _LINE_END_HYPHEN or raw.FPDFText_IsHyphen(self.layer, index) == 1:
            return "-"
        text = chr(code)
        if text in _SPACES:
            return " "
        if text in _NOTHING:
            return None
        unknown = raw.FPDFText_HasUnicodeMapError(self.layer, index) == 1
        if unknown or code == 0xFFFD or unicodedata.category(text) in ("Cc", "Cn", "Co", "Cs"):
            return ""
        if code == 0xAD:
            return "-"
        return unicodedata.normalize("NFKC", text) if code in _LIGATURES else text

    def _turn(self, index: int) -> int | None:
        """How the page must be turned for the text to be level; None where it runs at a slant."""
        angle = -raw.FPDFText_GetCharAngle(self.layer, index)  # PDFium counts clockwise
        across = self.to_pixels.xx * math.cos(angle) + self.to_pixels.xy * math.sin(angle)
        down = self.to_pixels.yx * math.cos(angle) + self.to_pixels.yy * math.sin(angle)
        quarters = math.atan2(down, across) / (math.pi / 2)
        slant = abs(quarters - round(quarters)) * math.pi / 2
        return round(quarters) % 4 if slant < _LEVEL else None

    def _boxes(self, index: int, turn: Turn) -> tuple[Box, Box, float] | None:
        """Ink, advance width, and base line; None where PDFium knows no place."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        x, y = ctypes.c_double(), ctypes.c_double()
        loose = raw.FS_RECTF()
        known = (
            raw.FPDFText_GetCharBox(self.layer, index, left, right, bottom, top)
            and raw.FPDFText_GetLooseCharBox(self.layer, index, loose)
            and raw.FPDFText_GetCharOrigin(self.layer, index, x, y)
        )
        if not known:
            return None
        ink = Box(*self.to_pixels.corners(left.value, bottom.value, right.value, top.value))
        advance = Box(*self.to_pixels.corners(loose.left, loose.bottom, loose.right, loose.top))
        if not all(map(math.isfinite, (ink.x0, ink.y1, advance.x0, advance.y1))):
            return None
        return turn.box(ink), turn.box(advance), turn.point(*self.to_pixels.point(x.value, y.value))[1]

    def _font(self, owner: Any, address: int) -> str:
        if address not in self._fonts:
            self._fonts[address] = font_name(owner)
        return self._fonts[address]

    def _em(self, index: int) -> float:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.layer, index, matrix)
        unit = math.hypot(self.to_pixels.xx, self.to_pixels.yx)
        return raw.FPDFText_GetFontSize(self.layer, index) * math.hypot(matrix.c, matrix.d) * unit


def _shared(ligature: Sequence[Character]) -> Iterator[Character]:
    """The letters of one glyph, each with its share of the width."""
    count = len(ligature)
    for i, letter in enumerate(ligature):
        left, right, ink = letter.left, letter.right, letter.ink
        step, stroke = (right - left) / count, ink.width / count
        yield replace(
            letter,
            ink=Box(ink.x0 + i * stroke, ink.y0, ink.x0 + (i + 1) * stroke, ink.y1),
            left=left + i * step,
            right=left + (i + 1) * step,
        )


def font_name(owner: Any) -> str:
    """Of a text object; "" where there is none."""
    font = raw.FPDFTextObj_GetFont(owner) if owner else None
    length = raw.FPDFFont_GetBaseFontName(font, None, 0) if font else 0
    name = ctypes.create_string_buffer(max(1, length))
    if length:
        raw.FPDFFont_GetBaseFontName(font, name, length)
    return name.value.decode("utf-8", "replace")


def _is_unpainted(owner: Any) -> bool:
    return bool(owner) and raw.FPDFTextObj_GetTextRenderMode(owner) in _UNPAINTED
