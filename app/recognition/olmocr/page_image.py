"""The image of a page in the size that the model was trained on."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from app.recognition.decoding.page import Pixels

LONGEST_SIDE = 1288
"""Pixels of the longer side, exactly: smaller pages are scaled up, larger ones down."""

_TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


def page_png(pixels: Pixels) -> bytes:
    """The page as a PNG whose longer side has exactly 1288 pixels."""
    height, width = pixels.shape[:2]
    page = Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1]))  # blue, green, red → red, green, blue
    size = _fitted(width, height)
    return _png(page if page.size == size else page.resize(size, Image.Resampling.LANCZOS))


def turned_png(png: bytes, degrees: int) -> bytes:
    """The image turned counter-clockwise by 0, 90, 180 or 270 degrees; no pixel is lost."""
    if degrees == 0:
        return png
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        return _png(image.transpose(_TURNS[degrees]))


def _fitted(width: int, height: int) -> tuple[int, int]:
    scale = LONGEST_SIDE / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, format="PNG", compress_level=3)
    return out.getvalue()


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        return image.size
