"""Pages for the olmOCR model come from a process that may be killed any moment."""

from __future__ import annotations

import io
import time
from contextlib import aclosing
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from app.errors import ImageTooLarge, UnreadableImage
from app.recognition.engine import DecodeLimits, SourceImage
from app.services.olmocr_messages import RenderedPage
from app.services.olmocr_render import ChildRenderer

pytestmark = pytest.mark.anyio


async def _pages(renderer: ChildRenderer, path: Path) -> list[RenderedPage]:
    async with aclosing(renderer(SourceImage(path, "a\0name.png"))) as pages:
        return [page async for page in pages]


def _document(path: Path, pages: int) -> Path:
    first, *rest = [Image.new("RGB", (300, 200 + 10 * number), "white") for number in range(pages)]
    first.save(path, format="TIFF", save_all=True, append_images=rest)
    return path


async def test_pages_come_in_order_at_the_models_size(tmp_path: Path) -> None:
    pages = await _pages(ChildRenderer(DecodeLimits()), _document(tmp_path / "d", 3))

    sizes = [Image.open(io.BytesIO(page.png)).size for page in pages]
    assert [(page.number, page.pages) for page in pages] == [(1, 3), (2, 3), (3, 3)]
    assert sizes == [(1288, 859), (1288, 902), (1288, 945)]


async def test_large_image_is_scaled_down(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (2000, 1000, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "n.png")

    (page,) = await _pages(ChildRenderer(DecodeLimits()), tmp_path / "n.png")

    assert Image.open(io.BytesIO(page.png)).size == (644, 1288)


async def test_what_is_no_image_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no image at all")

    with pytest.raises(UnreadableImage):
        await _pages(ChildRenderer(DecodeLimits()), tmp_path / "x")


async def test_bomb_is_refused(tmp_path: Path) -> None:
    Image.new("1", (11000, 11000)).save(tmp_path / "bomb.png")

    with pytest.raises(ImageTooLarge):
        await _pages(ChildRenderer(DecodeLimits()), tmp_path / "bomb.png")


async def test_slow_decoding_is_given_up(tmp_path: Path) -> None:
    started = time.monotonic()

    with pytest.raises(ImageTooLarge) as failure:
        await _pages(ChildRenderer(DecodeLimits(), page_s=0.05), _document(tmp_path / "d", 1))

    assert failure.value.code == "decode_limit"
    assert time.monotonic() - started < 5


async def test_process_ends_with_the_iteration(tmp_path: Path) -> None:
    renderer = ChildRenderer(DecodeLimits())
    before = set(psutil.Process().children(recursive=True))

    async with aclosing(renderer(SourceImage(_document(tmp_path / "d", 30), "d"))) as pages:
        assert (await anext(pages)).number == 1
        started = set(psutil.Process().children(recursive=True)) - before

    assert started
    assert not [child for child in started if child.is_running()]
