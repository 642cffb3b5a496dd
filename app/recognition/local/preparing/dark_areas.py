"""Makes areas of light text on dark ground, as header rows have them, dark on white like the rest."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.preparing.text_direction import Quad, text_lines

Gray = NDArray[np.uint8]

_STROKE = 0.25
"""Heights of a text line; what is thinner than this is a stroke or a ruling, no ground."""
_BOLD = 0.4
"""Heights of a text line; the thickest strokes of light letters."""
_LETTER = 1.2
"""Heights of a text line; light gaps in the ground narrower than this are text on it."""
_LEAST_CONTRAST = 40
"""Grey levels of 255 between light text and its ground."""
_NEAR = 0.3
"""Share of that contrast within which a level is the ground's."""
_ALIKE = 16
"""Grey levels; areas that differ by less are looked for together."""


def without_dark_areas(pixels: Pixels, quads: Sequence[Quad]) -> Pixels:
    """The page with its dark areas that bear light text made white; the same object where there are none.

    What differs from its ground, text or ruling, lighter or darker, becomes dark by as much as it differs.
    ``quads``: the text lines in ``pixels``.
    """
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    thresholds = [_light_text_threshold(gray, quad) for quad in quads]
    height = float(np.median([line.height for line in text_lines(quads)])) if quads else 0.0
    areas = np.zeros(gray.shape, bool)
    for level in {round(threshold / _ALIKE) * _ALIKE for threshold in thresholds if threshold is not None}:
        areas |= _bearing(gray < level, quads, [threshold is not None for threshold in thresholds], height)
    return _whitened(pixels, areas, height) if areas.any() else pixels


def _light_text_threshold(gray: Gray, quad: Quad) -> float | None:
    """The level below which there is ground, where the text is lighter than what surrounds it."""
    (x0, y0), (x1, y1) = np.maximum(0, quad.min(axis=0)).astype(int), quad.max(axis=0).astype(int)
    seen = gray[y0 : y1 + 1, x0 : x1 + 1]
    if min(seen.shape) < 3:
        return None
    ground = float(np.median(np.concatenate([seen[0], seen[-1], seen[:, 0], seen[:, -1]])))
    below, above = ground - float(seen.min()), float(seen.max()) - ground
    return ground + _NEAR * above if above > max(_LEAST_CONTRAST, 2 * below) else None


def _bearing(
    dark: NDArray[np.bool_], quads: Sequence[Quad], light: Sequence[bool], height: float
) -> NDArray[np.bool_]:
    """The dark areas, their letters included, on which most text is light."""
    ground = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_OPEN, _square(_STROKE * height))
    areas = cv2.morphologyEx(ground, cv2.MORPH_CLOSE, _square(_LETTER * height))
    count, found = cv2.connectedComponents(areas, connectivity=8)
    labels = np.asarray(found, np.int32)
    high, wide = labels.shape
    votes = np.zeros(count, int)
    for quad, is_light in zip(quads, light, strict=True):
        x, y = quad.mean(axis=0).astype(int).tolist()
        votes[labels[min(y, high - 1), min(x, wide - 1)]] += 1 if is_light else -1
    votes[0] = 0
    return (votes > 0)[labels]


def _whitened(pixels: Pixels, areas: NDArray[np.bool_], height: float) -> Pixels:
    x, y, wide, high = cv2.boundingRect(areas.astype(np.uint8))
    place = slice(y, y + high), slice(x, x + wide)
    around = np.ascontiguousarray(pixels[place])
    square = _square(_BOLD * height)
    ground = cv2.morphologyEx(cv2.morphologyEx(around, cv2.MORPH_OPEN, square), cv2.MORPH_CLOSE, square)
    white = pixels.copy()
    white[place] = np.where(areas[place][..., None], 255 - cv2.absdiff(around, ground), around)
    return white


def _square(side: float) -> NDArray[np.uint8]:
    """Odd, so that it has a middle."""
    odd = 2 * (max(3, round(side)) // 2) + 1
    return np.ones((odd, odd), np.uint8)
