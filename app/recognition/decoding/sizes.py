"""The limits that are checked before any pixel is decoded."""

from __future__ import annotations

import math

from app.errors import ImageTooLarge, UnreadableImage
from app.recognition.engine import DecodeLimits


def check_pixels(width: int, height: int, limits: DecodeLimits) -> None:
    """UnreadableImage for an image without area, ImageTooLarge (too_many_pixels) for one above the limit."""
    if width < 1 or height < 1:
        raise UnreadableImage(
            "The image has no area. Please save it again and send the new copy.", code="damaged_image"
        )
    megapixels = width * height / 1e6
    if megapixels > limits.max_megapixels:
        raise ImageTooLarge(
            f"The image has {width} × {height} pixels ({megapixels:.0f} megapixels); at most "
            f"{limits.max_megapixels:g} megapixels are accepted. Please scale it down or cut out the tables.",
            code="too_many_pixels",
        )


def check_page_count(count: int, limits: DecodeLimits) -> None:
    """ImageTooLarge (too_many_pages) above the limit."""
    if count > limits.max_pages:
        raise ImageTooLarge(
            f"The document has more than {limits.max_pages} pages. "
            "Please split it, or send only the pages that hold tables.",
            code="too_many_pages",
        )


def working_scale(width: float, height: float, limits: DecodeLimits) -> float:
    """The factor, at most 1, that brings a page within ``working_megapixels``."""
    return min(1.0, math.sqrt(limits.working_megapixels * 1e6 / (width * height)))
