"""Whether the ink of a word is that of the letters it was read as: how tall each stands, whether it reaches
below the line, how many strokes there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Word
from app.recognition.local.fill import FilledCell
from app.recognition.local.trust.judged import UNKNOWN, Features, Judged

_INK = 0.4
"""Share of a word's strongest contrast that counts as ink."""
_LEAST_DEPTH = 20
"""Gray levels between ink and ground."""
_RULED = 0.95
"""A row with ink on a larger share of its width is a ruling's."""
_AROUND = 0.2
"""Heights of the word that are looked at above and below it."""
_TALL = set("ABCDEFGHIJKLMNOPRSTUVWXYZ0123456789bdhklΓΔΘΛΣΦΨΩ")
_SMALL = set("acemnorsuvwxzαεικνοπσυω")
_LOW = set("gpqyγμρ")
_MEASURED = _TALL | _SMALL | _LOW
_PARTS = {
    ":": 2,
    ";": 2,
    "=": 2,
    "i": 2,
    "j": 2,
    "!": 2,
    "?": 2,
    "%": 3,
    "…": 3,
    '"': 2,
    "±": 2,
    "≤": 2,
    "≥": 2,
}
_Reach = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Inked:
    """What a word's ink shows, in heights of the table's usual character."""

    tops: _Reach
    """Of single characters, above the line they stand on."""
    bottoms: _Reach
    """Below it."""
    strokes: float
    """Connected ones, for each that the text should have."""
    depth: float
    """Contrast, in gray levels."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What a table's words show."""

    tall: float
    small: float
    low: float
    strokes: float
    depth: float


def glyphs(judged: Judged) -> list[Features]:
    """For each cell; nothing is known without the image."""
    if judged.pixels is None:
        return [{} for _ in judged.cells]
    inked = [
        [inked for word in cell.words if (inked := _inked(word, judged.pixels, judged.height))]
        for cell in judged.cells
    ]
    usual = _usual([one for words in inked for one in words])
    return [_of_cell(cell, words, usual) for cell, words in zip(judged.cells, inked, strict=True)]


def _of_cell(cell: FilledCell, words: Sequence[Inked], usual: Usual) -> Features:
    if not words:
        return {}
    tops = [abs(top - _expected(char, usual)) for word in words for char, top in word.tops]
    bottoms = [
        abs(low - (usual.low if char in _LOW else 0.0)) for word in words for char, low in word.bottoms
    ]
    return {
        "top misfit": max(tops, default=UNKNOWN),
        "mean top misfit": sum(tops) / len(tops) if tops else UNKNOWN,
        "bottom misfit": max(bottoms, default=UNKNOWN),
        "strokes": max(abs(word.strokes - usual.strokes) for word in words),
        "pale": min(word.depth for word in words) / max(1.0, usual.depth),
    }


def _expected(char: str, usual: Usual) -> float:
    return usual.tall if char in _TALL else usual.small


def _usual(words: Sequence[Inked]) -> Usual:
    tops = [pair for word in words for pair in word.tops]
    bottoms = [pair for word in words for pair in word.bottoms]
    return Usual(
        tall=_median([top for char, top in tops if char in _TALL]),
        small=_median([top for char, top in tops if char not in _TALL]),
        low=_median([low for char, low in bottoms if char in _LOW]),
        strokes=_median([word.strokes for word in words]),
        depth=_median([word.depth for word in words]),
    )


def _median(values: Sequence[float]) -> float:
    return median(values) if values else UNKNOWN


def _inked(word: Word, pixels: Pixels, height: float) -> Inked | None:
    """None of a word outside the image or without ink."""
    margin = _AROUND * word.box.height
    top, left = max(0, int(word.box.y0 - margin)), max(0, int(word.box.x0))
    seen = pixels[top : ceil(word.box.y1 + margin), left : ceil(word.box.x1)]
    if seen.shape[0] < 3 or seen.shape[1] < 2:
        return None
    gray = np.asarray(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY), np.uint8)
    ground = np.uint8(16 * int(cv2.calcHist([gray], [0], None, [16], [0, 256]).argmax()) + 8)
    depths = np.maximum(gray, ground) - np.minimum(gray, ground)
    depth = float(depths.max())
    if depth < _LEAST_DEPTH:
        return None
    ink = np.asarray(depths > max(_LEAST_DEPTH, _INK * depth), np.uint8)
    lengths = ink.sum(axis=1) / ink.shape[1]
    if lengths.max() > _RULED:
        ink[lengths > _RULED] = 0
    tops, bottoms = _reaches(word, ink, left, height)
    expected = sum(_PARTS.get(char, 1) for char in word.text if not char.isspace())
    count = cv2.connectedComponents(ink, connectivity=8)[0] - 1
    return Inked(tops, bottoms, count / max(1, expected), depth)


def _reaches(word: Word, ink: NDArray[np.uint8], left: int, height: float) -> tuple[_Reach, _Reach]:
    """How far single characters reach above and below the line."""
    if len(word.char_edges) != len(word.text) + 1:
        return (), ()
    found: list[tuple[str, int, int]] = []
    for char, x0, x1 in zip(word.text, word.char_edges, word.char_edges[1:], strict=False):
        if char in _MEASURED:
            inside = 0.2 * (x1 - x0)
            columns = ink[:, max(0, int(x0 + inside - left)) : max(1, ceil(x1 - inside - left))]
            _, top, _, tall = cv2.boundingRect(columns) if columns.size else (0, 0, 0, 0)
            if tall:
                found.append((char, top, top + tall))
    standing = [bottom for char, _, bottom in found if char not in _LOW]
    if not standing:
        return (), ()
    line = median(standing)
    return (
        tuple((char, (line - top) / height) for char, top, _ in found),
        tuple((char, (bottom - line) / height) for char, _, bottom in found),
    )
