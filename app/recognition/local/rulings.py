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
from app.recognition.local.components import components
from app.recognition.local.dotted import belongs_to_words, dotted_rulings, without_words
from app.recognition.local.levels import level_at

_THICKEST = 0.45
_SHORTEST_HORIZONTAL = 2.0
_SHORTEST_VERTICAL = 1.1
_SHORTEST_LIGHT = 2.5
"""A white rule; the gap between two letters on a dark ground is shorter."""
_CROSSING = 0.3
"""Width of a rule that crosses a white one, in character heights: there neither is lighter than its sides."""
_JOIN_GAP = 0.4
_SAME_LINE = 0.25
_CONTRAST = 15
"""Gray levels between a ruling and its ground."""
_UNDERLINE = 0.25
"""Farthest below the ink of a word, in character heights: a rule below a heading is farther."""
_WITHIN, _UPRIGHT_WITHIN = 0.9, 0.7
"""Share of a stroke that lies in its word's box, which ends within a letter now and then: along the line, and
across it."""
_EDGE = 0.1
"""How far beside its word's box an upright stroke may stand, in character heights."""
_STROKE = 1.4
"""Greatest length of an upright stroke, in heights of its word."""
_RIM = 1.5
"""Pixels of a ruling's soft edge."""
_GRAIN = 2.5
"""A dot is darker than its ground by so many times the usual difference of neighbours, besides."""


def detect_rulings(pixels: Pixels, words: Sequence[Word], char_height: float) -> list[Ruling]:
    """Rulings of the page without underlines and strokes of letters, horizontal ones first.

    ``char_height``: usual height of a word, in pixels.
    """
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    upright = np.ascontiguousarray(gray.T)
    across, down = _depth(gray, char_height), _depth(upright, char_height)
    level = _dark(across, _SHORTEST_HORIZONTAL, char_height)
    steep = _dark(down, _SHORTEST_VERTICAL, char_height)
    solid = [*level, *map(_turned, steep)]
    clear = (
        without_words(gray.shape, words, -0.1) & _without_lines(upright.shape, steep).T,
        without_words(gray.shape, words, 0.1) & _without_lines(gray.shape, level),
    )
    faint = [
        *_white(gray, char_height),
        *dotted_rulings(_dots(across) & clear[0], char_height),
        *map(_turned, _white(upright, char_height)),
        *map(_turned, dotted_rulings(_dots(down) & clear[1].T, char_height)),
    ]
    found = [*solid, *(r for r in faint if not belongs_to_words(r, words, char_height))]
    drawn = [ruling for ruling in found if not _belongs_to_text(ruling, words, char_height)]
    return _completed(join_rulings(drawn, char_height), join_rulings(found, char_height), char_height)


def _completed(drawn: Sequence[Ruling], joined: Sequence[Ruling], char_height: float) -> list[Ruling]:
    """Each of the ``joined`` that is mostly ``drawn``, whole: its other pieces only looked like strokes."""
    whole = [line for line in joined if 2 * _covered(line, drawn, char_height) > line.length]
    return join_rulings([*whole, *drawn], char_height)


def _covered(line: Ruling, pieces: Sequence[Ruling], char_height: float) -> float:
    return sum(
        max(0.0, min(piece.end, line.end) - max(piece.start, line.start))
        for piece in pieces
        if piece.horizontal == line.horizontal and abs(piece.at - line.at) <= _SAME_LINE * char_height
    )


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


def _depth(gray: Pixels, char_height: float) -> Pixels:
    """How much darker than what is above and below; of a transpose, than what is beside."""
    across = np.ones((2 * max(2, round(_THICKEST * char_height)) + 1, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, across), np.uint8)


def _dark(depth: Pixels, shortest: float, char_height: float) -> list[Ruling]:
    """Pieces of horizontal rulings darker than both sides, not joined yet: strokes of digits below each other
    must be told from text one by one."""
    return _segments(depth > _CONTRAST, shortest * char_height)


def _white(gray: Pixels, char_height: float) -> list[Ruling]:
    """Horizontal rulings lighter than both sides."""
    across = np.ones((2 * max(2, round(_THICKEST * char_height)) + 1, 1), np.uint8)
    light = np.asarray(cv2.morphologyEx(gray, cv2.MORPH_TOPHAT, across)) > _CONTRAST
    found = _segments(_bridged(light, _CROSSING * char_height), _SHORTEST_LIGHT * char_height)
    return join_rulings((r for r in found if _is_lighter_throughout(gray, r)), char_height)


def _dots(depth: Pixels) -> NDArray[np.bool_]:
    return depth > _CONTRAST + _GRAIN * level_at(depth, 0.5)


def _without_lines(shape: Sequence[int], rulings: Sequence[Ruling]) -> NDArray[np.bool_]:
    """Where no horizontal ruling lies: the steps along the rim of one are no dots of others."""
    clear = np.ones(shape, np.bool_)
    for ruling in rulings:
        reach = ruling.thickness / 2 + _RIM
        rows = slice(max(0, round(ruling.at - reach)), round(ruling.at + reach))
        clear[rows, int(ruling.start) : int(ruling.end)] = False
    return clear


def _turned(ruling: Ruling) -> Ruling:
    return replace(ruling, horizontal=False)


def _bridged(mask: NDArray[np.bool_], gap: float) -> NDArray[np.bool_]:
    along = np.ones((1, 2 * max(1, round(gap / 2)) + 1), np.uint8)
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, along)) > 0


def _segments(mask: NDArray[np.bool_], shortest: float) -> list[Ruling]:
    length = 2 * max(1, round((shortest - 1) / 2)) + 1  # odd: an even one would shift the ink
    along = np.ones((1, length), np.uint8)
    opened = np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, along), np.uint8)
    return [
        Ruling(
            start=float(piece.x),
            end=float(piece.x + piece.width),
            at=piece.middle + 0.5,
            horizontal=True,
            thickness=max(1.0, piece.area / piece.width),
        )
        for piece in components(opened)
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
        _is_underline(ruling, word, char_height)
        if ruling.horizontal
        else _is_stroke(ruling, word, char_height)
        for word in words
    )


def _is_underline(ruling: Ruling, word: Word, char_height: float) -> bool:
    """As long as the word and close below it, or striking it through."""
    box, near = word.box, 0.4 * char_height
    same_extent = abs(ruling.start - box.x0) < near and abs(ruling.end - box.x1) < near
    shared = min(ruling.end, box.x1) - max(ruling.start, box.x0)
    inside = shared > _WITHIN * ruling.length and ruling.length < 0.9 * box.width
    if inside:
        return box.y0 + 0.1 * box.height < ruling.at < box.y1
    return same_extent and box.y0 < ruling.at < box.y1 + _UNDERLINE * char_height


def _is_stroke(ruling: Ruling, word: Word, char_height: float) -> bool:
    """Mostly inside a word and hardly taller than it."""
    box, edge = word.box, _EDGE * char_height
    within = min(ruling.end, box.y1) - max(ruling.start, box.y0)
    return (
        box.x0 - edge <= ruling.at <= box.x1 + edge
        and ruling.length < _STROKE * max(box.height, char_height)
        and within > _UPRIGHT_WITHIN * ruling.length
    )


def _union(a: Ruling, b: Ruling) -> Ruling:
    start, end = min(a.start, b.start), max(a.end, b.end)
    at = (a.at * a.length + b.at * b.length) / max(1e-6, a.length + b.length)
    return Ruling(start, end, at, a.horizontal, max(a.thickness, b.thickness))
