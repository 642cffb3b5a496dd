"""The image of a page in the size that the model was trained on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from math import ceil

import numpy as np
from PIL import Image

from app.recognition.decoding.page import Pixels
from app.recognition.survey import Survey
from app.tables.geometry import Box

LONGEST_SIDE = 1288
"""Pixels of the longer side, exactly: smaller pages are scaled up, larger ones down."""
_ASKEW = 0.5
"""Degrees."""

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


def whole_png(pixels: Pixels) -> bytes:
    """The page as a PNG in its own size."""
    return _png(Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1])))


def upright_png(page: bytes, survey: Survey) -> bytes:
    """The whole page turned and levelled, in its own size; where nothing is to be done as it is."""
    if is_upright(survey):
        return page
    with Image.open(io.BytesIO(page), formats=("PNG",)) as image:
        turned = image.transpose(_TURNS[90 * survey.quarter_turns]) if survey.quarter_turns else image.copy()
    if is_askew(survey):
        beyond = turned.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        turned = turned.rotate(survey.skew_degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=beyond)
    return _png(turned)


def is_askew(survey: Survey) -> bool:
    """Whether the page leans so much that a row of text ends beside the next one."""
    return abs(survey.skew_degrees) >= _ASKEW


def is_upright(survey: Survey) -> bool:
    """Whether nothing is to be turned."""
    return survey.quarter_turns == 0 and not is_askew(survey)


def fitted_png(png: bytes) -> bytes:
    """An image in the size for the model."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        size = _fitted(*image.size)
        return png if image.size == size else _png(image.resize(size, Image.Resampling.LANCZOS))


def band_png(page: bytes, strips: Sequence[Box], scale: float = 1.0) -> bytes:
    """Strips of a page, one below the other, in the size for the model. ``page``: from `whole_png`;
    ``scale``: its pixels for each pixel of the strips."""
    with Image.open(io.BytesIO(page), formats=("PNG",)) as image:
        parts = [image.crop(_within(strip, scale, *image.size)) for strip in strips]
    band = Image.new("RGB", (max(part.width for part in parts), sum(part.height for part in parts)), "white")
    top = 0
    for part in parts:
        band.paste(part, (0, top))
        top += part.height
    return _png(band.resize(_fitted(*band.size), Image.Resampling.LANCZOS))


def _within(strip: Box, scale: float, width: int, height: int) -> tuple[int, int, int, int]:
    x1, y1 = min(width, ceil(strip.x1 * scale)), min(height, ceil(strip.y1 * scale))
    return max(0, int(strip.x0 * scale)), max(0, int(strip.y0 * scale)), x1, y1


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
