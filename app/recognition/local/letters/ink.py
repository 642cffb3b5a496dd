"""Where a text line's image has ink."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels

_INK = 0.4
"""Share of the strongest contrast in a crop that counts as ink."""
_LEAST_DEPTH = 20
"""Gray levels between ink and ground."""


def ink_of(pixels: Pixels, share: float = _INK) -> NDArray[np.bool_]:
    """Where the crop differs from its ground by ``share`` of its strongest contrast, rulings along its edges
    left out; height × width."""
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)).astype(np.int16)
    depth = np.abs(gray - _ground(gray))
    _erase_edge_rulings(depth)
    return depth > max(_LEAST_DEPTH, share * float(np.percentile(depth, 99.5)))


def _ground(gray: NDArray[np.int16]) -> int:
    """The commonest gray level, in steps of 16: paper is even, strokes and their edges are not."""
    counts = np.bincount(gray.ravel() // 16, minlength=16)
    return 16 * int(counts.argmax()) + 8


def _erase_edge_rulings(depth: NDArray[np.int16]) -> None:
    height, width = depth.shape
    marked = depth > 0.3 * depth.max(initial=1)
    rows, columns = marked.mean(axis=1) > 0.7, marked.mean(axis=0) > 0.9
    edge, side = max(1, height // 4), max(1, min(width // 4, height // 3))
    rows[edge : height - edge] = False
    columns[side : width - side] = False
    depth[rows] = 0
    depth[:, columns] = 0
