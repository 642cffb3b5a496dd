"""Edges of coloured ground: stripes, header bands and coloured cells part rows and columns as rulings do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Ruling, Word
from app.recognition.local.components import components
from app.recognition.local.levels import level_at, strongest_channel
from app.recognition.local.regions.region import Region

_WORKING_HEIGHT = 12.0
"""Large images are shrunk to this character height, in pixels."""
_STEP = 8
"""Gray levels, in any channel, between the ground on both sides."""
_GRAIN = 3.0
"""An edge is steeper by so many times the usual difference of neighbours, besides."""
_BESIDE = 0.15
"""Distance of the two places compared from the edge, in character heights."""
_LONGEST_GAP = 0.3
_SHORTEST_ACROSS = 6.0
_SHORTEST_DOWN = 2.0
_EVEN = 4.0
"""Usual difference of the ground along one side of an edge, in gray levels: a photograph's is more."""
_NEAR_LINE, _NEAR_COLUMN = 2.0, 8.0
"""Words stand so near to the edge of a band, in character heights."""


def band_edges(pixels: Pixels, words: Sequence[Word], char_height: float) -> list[Ruling]:
    """Where the ground changes its colour along a straight line.

    ``pixels``: height × width × 3. Vertical edges only between words.
    """
    scale = min(1.0, _WORKING_HEIGHT / char_height)
    bare = _without_words(pixels, words)
    if scale < 1:
        bare = np.asarray(cv2.resize(bare, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    turned = np.ascontiguousarray(bare.transpose(1, 0, 2))
    height = scale * char_height
    across = [_scaled(edge, 1 / scale) for edge in _edges(bare, height, _SHORTEST_ACROSS)]
    down = [_scaled(edge, 1 / scale) for edge in _edges(turned, height, _SHORTEST_DOWN)]
    found = [edge for edge in across if _is_beside(edge, words, char_height)]
    found += [replace(edge, horizontal=False) for edge in down if _is_between(edge, words, char_height)]
    return found


def undrawn(edges: Sequence[Ruling], rulings: Sequence[Ruling], char_height: float) -> list[Ruling]:
    """The edges without those that rulings are drawn along."""
    return [edge for edge in edges if not _is_drawn(edge, rulings, char_height)]


def _scaled(edge: Ruling, factor: float) -> Ruling:
    return replace(edge, start=factor * edge.start, end=factor * edge.end, at=factor * edge.at)


def with_edges(region: Region, edges: Sequence[Ruling]) -> Region:
    """The region with the edges inside it as rulings."""
    box = region.box
    inside = [
        edge
        for edge in edges
        if (
            box.y0 < edge.at < box.y1 and edge.start < box.center[0] < edge.end
            if edge.horizontal
            else box.x0 < edge.at < box.x1 and edge.start < box.y1 and edge.end > box.y0
        )
    ]
    return replace(region, rulings=(*region.rulings, *inside))


def _without_words(pixels: Pixels, words: Sequence[Word]) -> Pixels:
    """The page with every word painted over in the colour around it."""
    bare = pixels.copy()
    bottom, right = pixels.shape[:2]
    for word in words:
        y0, y1 = max(0, round(word.box.y0) - 1), min(bottom, round(word.box.y1) + 1)
        x0, x1 = max(0, round(word.box.x0) - 1), min(right, round(word.box.x1) + 1)
        if y1 - y0 > 1 and x1 - x0 > 1:
            sides = bare[y0:y1, [x0, x1 - 1]], bare[[y0, y1 - 1], x0:x1]
            bare[y0:y1, x0:x1] = np.median(np.concatenate([side.reshape(-1, 3) for side in sides]), axis=0)
    return bare


def _edges(bare: Pixels, char_height: float, shortest: float) -> list[Ruling]:
    """Horizontal edges; of the transpose they are the vertical ones."""
    reach = max(2, round(_BESIDE * char_height))
    if len(bare) <= 2 * reach:
        return []
    step = strongest_channel(np.asarray(cv2.absdiff(bare[2 * reach :], bare[: -2 * reach]), np.uint8))
    steep = (step > _STEP + _GRAIN * level_at(step, 0.5)).astype(np.uint8)
    closed = cv2.morphologyEx(steep, cv2.MORPH_CLOSE, _along(_LONGEST_GAP * char_height))
    opened = np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, _along(shortest * char_height)), np.uint8)
    found = [
        Ruling(float(piece.x), float(piece.x + piece.width), piece.middle + reach + 0.5, horizontal=True)
        for piece in components(opened)
    ]
    return [edge for edge in found if _parts_colours(bare, edge, 2 * reach)]


def _along(length: float) -> NDArray[np.uint8]:
    return np.ones((1, max(3, round(length))), np.uint8)


def _parts_colours(bare: Pixels, edge: Ruling, reach: int) -> bool:
    """True where both sides are even and differ all along: the sides of a ruling do not."""
    above, below = round(edge.at) - reach, round(edge.at) + reach
    if above < 0 or below >= len(bare):
        return False
    along = slice(int(edge.start), int(edge.end))
    upper, lower = np.asarray(bare[above, along], np.float32), np.asarray(bare[below, along], np.float32)
    if any(float((np.abs(side - np.median(side, axis=0))).mean()) > _EVEN for side in (upper, lower)):
        return False
    changed = np.abs(upper - lower).max(axis=1) > _STEP / 2
    return float(changed.mean()) > 0.8


def _is_beside(edge: Ruling, words: Sequence[Word], char_height: float) -> bool:
    """True for a horizontal edge with words close above or below it."""
    near = _NEAR_LINE * char_height
    return any(
        edge.start < word.box.center[0] < edge.end and word.box.y0 - near < edge.at < word.box.y1 + near
        for word in words
    )


def _is_between(edge: Ruling, words: Sequence[Word], char_height: float) -> bool:
    """True for a vertical edge with words on both sides."""
    near = _NEAR_COLUMN * char_height
    level = [word.box for word in words if edge.start < word.box.center[1] < edge.end]
    left = any(box.center[0] < edge.at < box.x1 + near for box in level)
    return left and any(box.x0 - near < edge.at < box.center[0] for box in level)


def _is_drawn(edge: Ruling, rulings: Sequence[Ruling], char_height: float) -> bool:
    """True where rulings run along most of the edge."""
    covered = sum(
        max(0.0, min(ruling.end, edge.end) - max(ruling.start, edge.start))
        for ruling in rulings
        if ruling.horizontal == edge.horizontal and abs(ruling.at - edge.at) < 0.5 * char_height
    )
    return covered > 0.5 * edge.length
