"""About how many tokens a request has cost, where the API doesn't tell."""

from __future__ import annotations

import math

from app.recognition.olmocr.page_image import png_size

_CHARACTERS = 3.5
"""Of prose, markup and digits for a token of the model's vocabulary."""
_PIXELS = 28
"""Side of the square of an image that the model (Qwen2.5-VL) sees as one token."""


def text_tokens(text: str) -> int:
    """Of a prompt or an answer."""
    return math.ceil(len(text) / _CHARACTERS)


def image_tokens(png: bytes) -> int:
    """Of an image."""
    width, height = png_size(png)
    return math.ceil(width / _PIXELS) * math.ceil(height / _PIXELS)
