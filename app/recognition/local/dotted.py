"""Finds dotted and dashed rulings: rows of small marks in even steps with clear ground beside them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.evidence import Ruling, Word
from app.recognition.local.components import components

_THICKEST = 0.3
_LONGEST_MARK = 1.2
_WIDEST_GAP = 0.8
"""Of one mark and between two, in character heights."""
_SHORTEST = 2.5
_FEWEST = 6
_EVEN = 0.35
"""Greatest usual difference of a step from the median step, as a share of it."""
_BESIDE = 0.15
_INKED = 0.6
"""Share of the ruling's length beside which ink may stand, on both sides together."""
_SEAM = 0.35
_LEADER_REACH = 3.0
"""Dots this near behind a word, in character heights, at its own level lead the eye from it to another."""


def dotted_rulings(mask: NDArray[np.bool_], char_height: float) -> list[Ruling]:
    """Horizontal rows of marks in ``mask`` (ink, height × width); of its transpose they are vertical ones."""
    ink = mask.astype(np.uint8)
    marks = _marks(ink, char_height)
    closed = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, _along(_WIDEST_GAP * char_height))
    opened = np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, _along(_SHORTEST * char_height)), np.uint8)
    found: list[Ruling] = []
    for row in components(opened):
        end, bottom = row.x + row.width, row.y + row.height
        if (
            row.height <= max(3, _THICKEST * char_height)
            and _is_even(marks[row.y : bottom, row.x : end])
            and _is_clear(ink[:, row.x : end], row.y, bottom, _BESIDE * char_height)
        ):
            at, thickness = row.middle + 0.5, float(row.height)
            found.append(Ruling(float(row.x), float(end), at, horizontal=True, thickness=thickness))
    return found


def _marks(ink: NDArray[np.uint8], char_height: float) -> NDArray[np.uint8]:
    """Thin and short pieces of ink, what crosses them taken away."""
    across = np.ones((max(3, round(_THICKEST * char_height) + 1), 1), np.uint8)
    thin = ink - np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, across), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(thin, connectivity=4)
    short = stats[:, cv2.CC_STAT_WIDTH] <= max(2, _LONGEST_MARK * char_height)
    short[0] = False
    return np.asarray(short[np.asarray(labels, np.intp)], np.uint8)


def _along(length: float) -> NDArray[np.uint8]:
    return np.ones((1, 2 * max(1, round(length / 2)) + 1), np.uint8)


def _is_even(marks: NDArray[np.uint8]) -> bool:
    """True for enough marks in steps of one length."""
    hits = np.concatenate([[0], marks.any(axis=0).astype(np.int8)])
    steps = np.diff(np.flatnonzero(np.diff(hits) == 1))
    if len(steps) + 1 < _FEWEST:
        return False
    usual = float(np.median(steps))
    return float(np.mean(np.abs(steps - usual) <= max(1.0, _EVEN * usual))) > 0.7


def _is_clear(ink: NDArray[np.uint8], top: int, bottom: int, near: float) -> bool:
    """True where little ink stands right above and below, as it does around the strokes of letters."""
    reach = max(2, round(near))
    sides = ink[max(0, top - 1 - reach) : max(0, top - 1)], ink[bottom + 1 : bottom + 1 + reach]
    return sum(float(side.any(axis=0).mean()) for side in sides) < _INKED


def belongs_to_words(ruling: Ruling, words: Sequence[Word], char_height: float) -> bool:
    """True for dots that lead from one word of a line to another, for what runs through words, and for the
    bright seam that sharpening leaves around one."""
    if not ruling.horizontal:
        edge = _BESIDE * char_height  # the soft rim of a stroke in a photograph
        inside = [word.box for word in words if word.box.x0 - edge <= ruling.at <= word.box.x1 + edge]
        return sum(_shared(ruling, box.y0, box.y1) for box in inside) > 0.4 * ruling.length
    return any(
        _leads(ruling, word, _LEADER_REACH * char_height) or _is_seam(ruling, word, _SEAM * char_height)
        for word in words
    )


def _shared(ruling: Ruling, low: float, high: float) -> float:
    return max(0.0, min(high, ruling.end) - max(low, ruling.start))


def _leads(ruling: Ruling, word: Word, near: float) -> bool:
    ends = abs(ruling.start - word.box.x1) < near or abs(word.box.x0 - ruling.end) < near
    return ends and word.box.y0 < ruling.at <= word.box.y1


def _is_seam(ruling: Ruling, word: Word, near: float) -> bool:
    beside = word.box.y0 - near < ruling.at < word.box.y1 + near
    return beside and _shared(ruling, word.box.x0, word.box.x1) > 0.7 * ruling.length


def without_words(shape: Sequence[int], words: Sequence[Word], margin: float) -> NDArray[np.bool_]:
    """Where no words stand, ``margin`` of their heights around their tops and bottoms counted to them."""
    clear = np.ones(shape, np.bool_)
    for word in words:
        box, edge, inset = word.box, margin * word.box.height, 0.1 * word.box.height
        rows = slice(max(0, round(box.y0 - edge)), max(0, round(box.y1 + edge)))
        clear[rows, round(box.x0 + inset) : round(box.x1 - inset)] = False
    return clear
