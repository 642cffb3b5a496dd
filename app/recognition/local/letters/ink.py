"""Where a text line's image has ink."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.levels import level_at

_INK = 0.4
"""Share of the strongest contrast in a crop that counts as ink."""
_LEAST_DEPTH = 20
"""Gray levels between ink and ground."""
_WHOLE, _MOSTLY = 0.9, 0.7
"""Shares of a crop's side that a ruling takes."""


def ink_of(pixels: Pixels, share: float = _INK) -> NDArray[np.bool_]:
    """Where the crop differs from its ground by ``share`` of its strongest contrast, rulings along its edges
    left out; height × width."""
    depth = _depth(pixels)
    rows, columns = _edge_rulings(depth, _MOSTLY)
    depth[rows] = 0
    depth[:, columns] = 0
    return depth > max(_LEAST_DEPTH, share * level_at(depth.astype(np.uint8), 0.995))


def without_rulings(pixels: Pixels) -> Pixels:
    """The line's image, rulings up and down at its ends painted over: the network reads them as brackets and
    ones."""
    depth = _depth(pixels)
    _, columns = _edge_rulings(depth, _WHOLE)
    ground = depth <= _LEAST_DEPTH
    if not columns.any() or not ground.any():
        return pixels
    clean = pixels.copy()
    clean[:, _widened(columns)] = np.median(pixels[ground], axis=0)
    return clean


def _depth(pixels: Pixels) -> NDArray[np.int16]:
    """Distance from the ground, in gray levels."""
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)).astype(np.int16)
    return np.abs(gray - _ground(gray))


def _ground(gray: NDArray[np.int16]) -> int:
    """The commonest gray level, in steps of 16: paper is even, strokes and their edges are not."""
    counts = np.bincount(gray.ravel() // 16, minlength=16)
    return 16 * int(counts.argmax()) + 8


def _edge_rulings(depth: NDArray[np.int16], along: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows marked over the share ``along`` of the width, columns over most of the height, near edges."""
    height, width = depth.shape
    marked = depth > 0.3 * depth.max(initial=1)
    rows, columns = marked.mean(axis=1) > along, marked.mean(axis=0) > _WHOLE
    edge, side = max(1, height // 4), max(1, min(width // 4, height // 3))
    rows[edge : height - edge] = False
    columns[side : width - side] = False
    return rows, columns


def _widened(hits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """With one place more on both sides: a line's soft edge."""
    return np.convolve(hits, np.ones(3), "same") > 0
