"""Which way up a page is: 0, 90, 180 or 270 degrees."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.crops import cut
from app.recognition.local.preparing.text_direction import Quad, TextLine

Read = Callable[[Sequence[Pixels]], Sequence[tuple[str, float]]]
"""Reads crops of one text line each: text and confidence (0..1)."""

_SAMPLES = 4
_LEGIBLE = 0.8  # mean confidence below which it takes more lines: edges of a sheet may be among the longest
_MORE = 12
_LONGEST = 15.0  # length over height of a line that is cheap to read
_SURE = 0.985  # mean confidence from which the first way up is believed; short words upside down reach .97
_BETTER = 0.08  # by which another way up must be read better, or by half of what is missing to certainty


def is_sideways(lines: Sequence[TextLine]) -> bool:
    """Whether most of the text runs up or down."""
    steep = sum(line.length for line in lines if _is_steep(line))
    return steep > 0.6 * sum(line.length for line in lines)


def quarter_turns(pixels: Pixels, lines: Sequence[TextLine], read: Read | None) -> int:
    """Counter-clockwise quarter turns that bring the text upright, 0..3; ``lines``: the elongated ones."""
    sideways = is_sideways(lines)
    first, second = (1, 3) if sideways else (0, 2)
    if read is None:
        return first
    along = [line for line in lines if _is_steep(line) == sideways]
    for count in (_SAMPLES, _MORE):
        crops = [
            crop
            for line in _sample(along, count)
            if (crop := _level_crop(pixels, line.quad, sideways=sideways)) is not None
        ]
        one = _confidence(read(crops))
        if one >= _SURE:
            return first
        other = _confidence(read([np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]))
        if max(one, other) >= _LEGIBLE:
            break
    return second if other > one + min(_BETTER, (1 - one) / 2) else first


def _is_steep(line: TextLine) -> bool:
    across, down = np.abs(line.end - line.start)
    return bool(down > across)


def _sample(lines: Sequence[TextLine], count: int) -> list[TextLine]:
    ordered = sorted(lines, key=lambda line: line.length / line.height, reverse=True)
    handy = [line for line in ordered if line.length <= _LONGEST * line.height]
    return (handy or ordered[-count:])[:count]


def _level_crop(pixels: Pixels, quad: Quad, *, sideways: bool) -> Pixels | None:
    """The line as it stands after no or one quarter turn."""
    crop = cut(pixels, _in_order(quad))
    if crop is None:
        return None
    return np.ascontiguousarray(np.rot90(crop.pixels)) if sideways else crop.pixels


def _in_order(quad: Quad) -> NDArray[np.float32]:
    """Top left, top right, bottom right, bottom left."""
    left, right = np.split(quad[np.argsort(quad[:, 0])], 2)
    (top_left, bottom_left), (top_right, bottom_right) = (
        side[np.argsort(side[:, 1])] for side in (left, right)
    )
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)


def _confidence(readings: Sequence[tuple[str, float]]) -> float:
    """Mean over the letters read."""
    letters = sum(len(text) for text, _ in readings)
    return sum(len(text) * sure for text, sure in readings) / letters if letters else 0.0
