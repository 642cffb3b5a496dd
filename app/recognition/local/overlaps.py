"""Parts text lines that overlap: a letter in both of them would be read twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.crops import Quad, is_upright
from app.recognition.local.letters.ink import ink_of

_SAME_LINE = 0.6
"""Share of the lower one's height that two boxes beside each other have in common."""
_LEAST = 0.15
"""Shared width, in heights, that may hold a letter."""
_MOST = 1.5
"""A box that shares more is another reading of the same place."""
_LEAST_SIDE = 3
"""Pixels."""


def apart(pixels: Pixels, quads: Sequence[Quad]) -> list[Quad]:
    """The quadrilaterals: upright ones that overlap on a line are cut in the
    widest space without ink that they share. Detection widens what it finds, beyond a narrow space too."""
    parted = [quad.copy() for quad in quads]
    if len(quads) < 2:
        return parted
    boxes = np.array([(*quad.min(axis=0), *quad.max(axis=0)) for quad in quads], np.float32)
    for left, right in _pairs(boxes):
        if is_upright(parted[left]) and is_upright(parted[right]):
            at = _space(pixels, boxes[left], boxes[right])
            if at is not None:
                parted[left][[1, 2], 0] = at
                parted[right][[0, 3], 0] = at
    return parted


def _pairs(boxes: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Of boxes on one line, of which the left one reaches a bit into the right one."""
    x0, y0, x1, y1 = boxes.T
    found: list[tuple[int, int]] = []
    for i, (left, top, right, bottom) in enumerate(boxes.tolist()):
        low = np.minimum(y1 - y0, bottom - top)
        shared = right - x0
        beside = (x0 > left) & (x1 > right) & (shared > _LEAST * low) & (shared < _MOST * low)
        level = np.minimum(y1, bottom) - np.maximum(y0, top) > _SAME_LINE * low
        found += [(i, int(j)) for j in np.flatnonzero(beside & level)]
    return found


def _space(pixels: Pixels, left: NDArray[np.float32], right: NDArray[np.float32]) -> float | None:
    """x of the middle of the widest space in what both share; None where there is none."""
    top, bottom = round(float(max(left[1], right[1]))), round(float(min(left[3], right[3])))
    first, start, end, last = (round(float(x)) for x in (left[0], right[0], left[2], right[2]))
    if bottom - top < _LEAST_SIDE or last - first < _LEAST_SIDE:
        return None
    ink = ink_of(np.ascontiguousarray(pixels[top:bottom, first:last]))
    inked = np.asarray(ink.any(axis=0), np.int8)[start - first : end - first]
    edges = np.flatnonzero(np.diff(np.concatenate([[1], inked, [1]])))
    spaces = edges.reshape(-1, 2)
    if not len(spaces):
        return None
    widest = spaces[np.argmax(spaces[:, 1] - spaces[:, 0])]
    return start + float(widest.mean())
