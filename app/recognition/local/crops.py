"""Text line crops that remember where they come from."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.tables.geometry import Box

Quad = NDArray[np.float32]
"""4 × 2 corners (x, y) in pixels: top left, top right, bottom right, bottom left."""

_TALL = 1.5
"""Height over width from which a crop may hold text turned a quarter."""
_TILT = 0.15
"""Share of its height by which the corners of a short word may leave its bounding box."""
_SHORT = 5.0
"""Width over height; the direction of longer lines is their own."""
_LOW = 0.6
"""Height of dots and dashes at most, in line heights."""


@dataclass(frozen=True, slots=True)
class Crop:
    """An upright image of one text line."""

    pixels: Pixels
    """height × width × 3, BGR."""
    box: Box
    """The place on the page, in its pixels."""


def cut(pixels: Pixels, quad: Quad) -> Crop | None:
    """The quadrilateral's content made upright; None when it is thinner than 3 pixels."""
    box = Box(*quad.min(axis=0).tolist(), *quad.max(axis=0).tolist())
    sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
    width, height = round(float(max(sides[0], sides[2]))), round(float(max(sides[1], sides[3])))
    if width < 3 or height < 3:
        return None
    if is_upright(quad):
        x0, y0, x1, y1 = (round(v) for v in (box.x0, box.y0, box.x1, box.y1))
        return Crop(np.ascontiguousarray(pixels[y0:y1, x0:x1]), box)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    straight = cv2.warpPerspective(
        pixels,
        cv2.getPerspectiveTransform(quad, target),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Crop(np.asarray(straight, np.uint8), box)


def is_upright_text(crop: Crop, line_height: float) -> bool:
    """False for a crop so tall that its text must run up or down. A lone digit is tall too, but no taller
    than its neighbours' lines (``line_height``, pixels)."""
    height, width = crop.pixels.shape[:2]
    return height < _TALL * width or height < 1.8 * line_height


def is_dots(crop: Crop, line_height: float) -> bool:
    """True for a crop too small for a character: dots, dashes, specks. Scaled to a line's height they
    look like anything."""
    height, width = crop.pixels.shape[:2]
    return height < _LOW * line_height and width < 2 * line_height


def is_upright(quad: Quad) -> bool:
    """True when the corners leave their bounding box by hardly anything. The box around a short word is
    tilted by its ascenders; cut out so, a ruling beside it would look like ink of the word."""
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
    is_short = x1 - x0 < _SHORT * (y1 - y0)
    return bool(np.abs(quad - corners).max() < max(1.5, _TILT * (y1 - y0) if is_short else 0.0))
