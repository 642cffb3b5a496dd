"""Brings a page to dark text on an evenly lit, light ground."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.preparing.text_direction import Floats, Quad

_FLAT_SHARE, _FLAT_LEVELS = 0.4, 3  # share of pixels within so many grey levels of the commonest one
_DRAWN_SHARE = 0.83  # of pixels like their left neighbour
_LIGHT_INK = 0.7  # share of text area with light ink from which the page is inverted
_WHITE = 245.0
_UNEVEN, _DIM = 1.2, 190.0  # range of the ground's brightness, and brightness, that are left as they are
_MAX_GAIN = 5.0
_BAND = 256  # rows that are brightened at a time
_DEGREE = ((0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2))


def has_flat_ground(pixels: Pixels) -> bool:
    """True of screenshots and clean scans: one grey level, give or take a few, fills much of the page, or
    nearly every pixel is like its neighbour, as no camera makes them."""
    level = _gray(pixels)
    alike = int(np.count_nonzero(level[:, 1:] == level[:, :-1]))
    if alike > _DRAWN_SHARE * level.size:
        return True
    gray = level[:: max(1, pixels.shape[0] // 600), :: max(1, pixels.shape[1] // 600)]
    counts = np.bincount(gray.ravel(), minlength=256)
    around = np.convolve(counts, np.ones(2 * _FLAT_LEVELS + 1), "same")
    return bool(around.max() > _FLAT_SHARE * gray.size)


def is_light_on_dark(pixels: Pixels, quads: Sequence[Quad]) -> bool:
    """Whether nearly all text is lighter than its ground, as in dark themes."""
    light, total = 0.0, 0.0
    for box in _boxes(pixels, quads):
        if box.size == 0:
            continue
        middle, low, high = np.median(box), float(box.min()), float(box.max())
        total += box.size
        light += box.size if high - middle > middle - low else 0
    return total > 0 and light > _LIGHT_INK * total


def evened(pixels: Pixels, quads: Sequence[Quad]) -> Pixels:
    """The page as if lit evenly; the same object where it already is.

    The ground's brightness is sampled around the text and fitted by a quadratic surface, in logarithms, as
    light multiplies; coloured cells below the surface count less with each round.
    """
    points, grounds = _ground_samples(pixels, quads)
    if len(points) < 6:
        return pixels
    height, width = pixels.shape[:2]
    across, down = np.meshgrid(np.linspace(-1, 1, 64), np.linspace(-1, 1, 64))
    unit = points / (width / 2, height / 2) - 1
    surface = np.exp(_basis(np.stack([across, down], axis=-1)) @ _fit(unit, np.log(grounds)))
    reached = surface[_inside(across, down, unit)]
    if reached.max() < _UNEVEN * reached.min() and reached.min() > _DIM:
        return pixels
    return _brightened(pixels, np.clip(_WHITE / surface, 1 / _MAX_GAIN, _MAX_GAIN).astype(np.float32))


def _brightened(pixels: Pixels, gain: Floats) -> Pixels:
    """The pixels times the gain, (n, n) samples over the page; band by band, so no page of gains is held."""
    height, width = pixels.shape[:2]
    wide = np.asarray(cv2.resize(gain, (width, len(gain)), interpolation=cv2.INTER_LINEAR), np.float32)
    lit = np.empty_like(pixels)
    for top in range(0, height, _BAND):
        rows = np.arange(top, min(height, top + _BAND), dtype=np.float32)
        at = np.clip((rows + 0.5) * len(gain) / height - 0.5, 0, len(gain) - 1)
        low = np.minimum(at.astype(int), len(gain) - 2)
        share = (at - low)[:, None]
        band = wide[low] * (1 - share) + wide[low + 1] * share
        lit[top : top + _BAND] = cv2.multiply(
            pixels[top : top + _BAND], cv2.merge([band] * 3), dtype=cv2.CV_8U
        )
    return lit


def _ground_samples(pixels: Pixels, quads: Sequence[Quad]) -> tuple[Floats, Floats]:
    kept = [(quad, box) for quad, box in zip(quads, _boxes(pixels, quads), strict=True) if box.size]
    points = np.array([quad.mean(axis=0) for quad, _ in kept], np.float64).reshape(-1, 2)
    grounds = np.array([max(1.0, float(np.percentile(box, 85))) for _, box in kept], np.float64)
    return points, grounds


def _fit(unit: Floats, values: Floats) -> Floats:
    basis = _basis(unit)
    weights = np.ones(len(values))
    ridge = np.diag([1e-9] + [0.02 * len(values)] * (len(_DEGREE) - 1))
    coefficients = np.zeros(len(_DEGREE))
    for _ in range(8):
        weighted = basis * weights[:, None]
        coefficients = np.linalg.solve(
            weighted.T @ basis + ridge + 1e-9 * np.eye(len(_DEGREE)), weighted.T @ values
        )
        below = basis @ coefficients - values
        weights = np.where(below > 0, 1 / (1 + np.square(below / 0.05)), 1.0)
    return coefficients


def _inside(across: Floats, down: Floats, unit: Floats) -> NDArray[np.bool_]:
    low, high = unit.min(axis=0), unit.max(axis=0)
    inside = (across >= low[0]) & (across <= high[0]) & (down >= low[1]) & (down <= high[1])
    return inside if inside.any() else np.ones_like(inside)


def _basis(unit: Floats) -> Floats:
    x, y = unit[..., 0], unit[..., 1]
    return np.stack([x**i * y**j for i, j in _DEGREE], axis=-1)


def _boxes(pixels: Pixels, quads: Sequence[Quad]) -> list[NDArray[np.uint8]]:
    """The upright boxes around the text lines, a little larger, in grey."""
    height, width = pixels.shape[:2]
    found: list[NDArray[np.uint8]] = []
    for quad in quads:
        (x0, y0), (x1, y1) = quad.min(axis=0) - 2, quad.max(axis=0) + 3
        box = pixels[max(0, int(y0)) : min(height, int(y1)), max(0, int(x0)) : min(width, int(x1))]
        found.append(_gray(box) if box.size else np.zeros((0, 0), np.uint8))
    return found


def _gray(pixels: Pixels) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2GRAY), np.uint8)
