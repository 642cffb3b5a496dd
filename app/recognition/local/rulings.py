"""Finds rulings: long, thin, straight runs darker than both sides, or lighter than both (white rules on a
coloured ground). Lengths are in character heights, so the answer does not depend on the resolution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Ruling, Word

_THICKEST = 0.45
_SHORTEST_HORIZONTAL = 2.0
_SHORTEST_VERTICAL = 1.1
_SHORTEST_LIGHT = 4.0
_JOIN_GAP = 0.4
_SAME_LINE = 0.25
_CONTRAST = 15
"""Gray levels between a ruling and its ground."""


def detect_rulings(pixels: Pixels, words: Sequence[Word], char_height: float) -> list[Ruling]:
    """Rulings of the page without underlines and strokes of letters, horizontal ones first.

    ``char_height``: usual height of a word, in pixels.
    """
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    found = [
        *_direction(gray, char_height, _SHORTEST_HORIZONTAL, horizontal=True),
        *_direction(np.ascontiguousarray(gray.T), char_height, _SHORTEST_VERTICAL, horizontal=False),
    ]
    return [ruling for ruling in found if not _belongs_to_text(ruling, words, char_height)]


def join_rulings(rulings: Iterable[Ruling], char_height: float) -> list[Ruling]:
    """Pieces of one broken line made one."""
    joined: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda r: (not r.horizontal, r.start)):
        for i, other in enumerate(joined):
            if (
                other.horizontal == ruling.horizontal
                and abs(other.at - ruling.at) <= _SAME_LINE * char_height
                and ruling.start - other.end <= _JOIN_GAP * char_height
            ):
                joined[i] = _union(other, ruling)
                break
        else:
            joined.append(ruling)
    return joined


def _direction(gray: Pixels, char_height: float, shortest: float, *, horizontal: bool) -> list[Ruling]:
    """Horizontal rulings of the image; of its transpose they are the vertical ones."""
    thickest = 2 * max(2, round(_THICKEST * char_height)) + 1
    across = np.ones((thickest, 1), np.uint8)
    dark = cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, across) > _CONTRAST
    light = cv2.morphologyEx(gray, cv2.MORPH_TOPHAT, across) > _CONTRAST
    rulings = _segments(np.asarray(dark), shortest * char_height)
    rulings += [
        segment
        for segment in _segments(np.asarray(light), _SHORTEST_LIGHT * char_height)
        if _is_lighter_throughout(gray, segment)
    ]
    if not horizontal:
        rulings = [replace(ruling, horizontal=False) for ruling in rulings]
    return join_rulings(rulings, char_height)


def _segments(mask: NDArray[np.bool_], shortest: float) -> list[Ruling]:
    along = np.ones((1, max(3, round(shortest))), np.uint8)
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, along)
    _, _, stats, centers = cv2.connectedComponentsWithStats(opened, connectivity=8)
    return [
        Ruling(
            start=float(x),
            end=float(x + width),
            at=float(center[1]) + 0.5,
            horizontal=True,
            thickness=max(1.0, float(area / width)),
        )
        for (x, _, width, _, area), center in zip(stats[1:].tolist(), centers[1:], strict=True)
    ]


def _is_lighter_throughout(gray: Pixels, segment: Ruling) -> bool:
    """A white rule has coloured ground on both sides all along; a gap between text lines has not."""
    reach = segment.thickness / 2 + 2
    start, end = int(segment.start), int(segment.end)
    middle = gray[min(len(gray) - 1, int(segment.at)), start:end].astype(np.int16)
    sides = [round(segment.at - reach - 0.5), round(segment.at + reach - 0.5)]
    return all(
        0 <= y < len(gray) and bool(np.mean(middle - gray[y, start:end] >= _CONTRAST / 2) > 0.9)
        for y in sides
    )


def _belongs_to_text(ruling: Ruling, words: Sequence[Word], char_height: float) -> bool:
    return any(
        _is_underline(ruling, word, char_height) if ruling.horizontal else _is_stroke(ruling, word)
        for word in words
    )


def _is_underline(ruling: Ruling, word: Word, char_height: float) -> bool:
    """As long as the word and close below it, or striking it through."""
    box, near = word.box, 0.4 * char_height
    same_extent = abs(ruling.start - box.x0) < near and abs(ruling.end - box.x1) < near
    inside = box.x0 - 1 < ruling.start and ruling.end < box.x1 + 1 and ruling.length < 0.9 * box.width
    if inside:
        return box.y0 + 0.1 * box.height < ruling.at < box.y1
    return same_extent and box.y0 < ruling.at < box.y1 + near


def _is_stroke(ruling: Ruling, word: Word) -> bool:
    """Inside a word and hardly taller than it."""
    box = word.box
    return (
        box.x0 <= ruling.at <= box.x1
        and ruling.length < 1.4 * box.height
        and box.y0 - 0.2 * box.height <= ruling.start
        and ruling.end <= box.y1 + 0.2 * box.height
    )


def _union(a: Ruling, b: Ruling) -> Ruling:
    start, end = min(a.start, b.start), max(a.end, b.end)
    at = (a.at * a.length + b.at * b.length) / max(1e-6, a.length + b.length)
    return Ruling(start, end, at, a.horizontal, max(a.thickness, b.thickness))
