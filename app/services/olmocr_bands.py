"""Long tables of a page as images of their bands of rows; where the rows lie, the local engine says."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import structlog

from app.errors import EngineFailed, ImageFailed
from app.recognition.engine import Engine, FoundTable, SourceImage
from app.recognition.olmocr.bands import Band, bands_of
from app.recognition.olmocr.page_image import band_png, png_size
from app.tables.geometry import Box

WholePage = Callable[[SourceImage, int], Awaitable[bytes]]
"""A page of a source image, by its number from 1, as a PNG in full size. ImageFailed, EngineFailed."""
_MARGIN = 4.0
"""Pixels."""
log = structlog.get_logger()


class BandRenderer:
    """Cuts the tables of a page, which is read once more for it: only for answers that broke off."""

    def __init__(self, whole: WholePage, local: Engine) -> None:
        self._whole = whole
        self._local = local

    async def __call__(self, image: SourceImage, number: int) -> list[list[bytes]]:
        """The bands of each table of the page, top to bottom; none where there is nothing to cut."""
        try:
            page = await self._whole(image, number)
            with tempfile.TemporaryDirectory(prefix="olmocr-page-") as folder:
                path = Path(folder) / "page.png"
                await asyncio.to_thread(path.write_bytes, page)
                found = await self._local.recognize(SourceImage(path, image.filename), lambda _: None)
        except (ImageFailed, EngineFailed) as failure:
            log.info("the page is not cut into bands", reason=failure.message)
            return []
        cut = _cut(found.tables, Box(0, 0, *png_size(page)))
        if not any(len(bands) > 1 for bands in cut):
            return []
        log.info("the page is read in bands", bands=[len(bands) for bands in cut])
        return [[await asyncio.to_thread(band_png, page, band.strips) for band in bands] for bands in cut]


def _cut(tables: Sequence[FoundTable], page: Box) -> list[list[Band]]:
    placed = [(table.table, table.box) for table in tables if table.box is not None]
    return [bands_of(table, box, page if len(placed) == 1 else _wider(box)) for table, box in placed]


def _wider(box: Box) -> Box:
    """Letters may stand a little out of a box."""
    return Box(box.x0 - _MARGIN, box.y0 - _MARGIN, box.x1 + _MARGIN, box.y1 + _MARGIN)
