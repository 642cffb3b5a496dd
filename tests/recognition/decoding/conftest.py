"""Decodes bytes as the product does."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.recognition.decoding.pages import Page, open_pages
from app.recognition.engine import DecodeLimits, SourceImage

Decode = Callable[..., list[Page]]


@pytest.fixture
def decode(tmp_path: Path) -> Decode:
    """Writes the bytes to a file without an ending and decodes all its pages."""

    def decode(content: bytes, **limits: Any) -> list[Page]:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return list(open_pages(SourceImage(path, "upload"), DecodeLimits(**limits)))

    return decode


@pytest.fixture
def saved() -> Callable[..., bytes]:
    """An image in a format of Pillow's."""

    def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
        file = io.BytesIO()
        image.save(file, kind, **options)
        return file.getvalue()

    return saved


@pytest.fixture
def quarters() -> Image.Image:
    """64 × 48: red at the top left, blue at the bottom right, white elsewhere."""
    image = Image.new("RGB", (64, 48), "white")
    image.paste((200, 30, 30), (0, 0, 32, 24))
    image.paste((20, 60, 200), (32, 24, 64, 48))
    return image
