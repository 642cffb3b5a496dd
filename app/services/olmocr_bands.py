"""Long tables of a page as images of their bands of rows; where the rows lie, the local engine says."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from app.errors import EngineFailed, ImageFailed
from app.recognition.engine import Engine, FoundTable, PageReading, SourceImage
from app.recognition.olmocr.bands import Band, bands_of
from app.recognition.olmocr.page_image import band_png, is_upright, png_size, upright_png
from app.recognition.survey import Survey
from app.services.olmocr_upright import WholePage, as_file
from app.tables.geometry import Box

_MARGIN = 4.0
"""Pixels."""
log = structlog.get_logger()


class BandRenderer:
    """Cuts the tables of a page whose answer would be, or was, too long."""

    def __init__(self, whole: WholePage, local: Engine) -> None:
        self._whole = whole
        self._local = local

    async def __call__(
        self, image: SourceImage, number: int, survey: Survey, read: PageReading | None
    ) -> list[list[bytes]]:
        """The bands of each table of the page, top to bottom; none where there is nothing to cut.

        ``survey``: how the page lies; ``read``: what the local engine read of it, if it did so already.
        """
        try:
            page = await asyncio.to_thread(upright_png, await self._whole(image, number), survey)
            size = Box(0, 0, *png_size(page))
            if read is not None and is_upright(survey):
                cut = _cut(read.tables, Box(0, 0, read.page.width, read.page.height))
                scale = size.width / read.page.width
            else:
                cut, scale = _cut(await self._tables(page, image), size), 1.0
        except (ImageFailed, EngineFailed) as failure:
            log.info("the page is not cut into bands", reason=failure.message)
            return []
        if not any(len(bands) > 1 for bands in cut):
            return []
        log.info("the page is read in bands", bands=[len(bands) for bands in cut])
        return [
            [await asyncio.to_thread(band_png, page, band.strips, scale) for band in bands] for bands in cut
        ]

    async def _tables(self, page: bytes, image: SourceImage) -> Sequence[FoundTable]:
        async with as_file(page, image.filename) as upright:
            return (await self._local.recognize(upright, lambda _: None)).tables


def _cut(tables: Sequence[FoundTable], page: Box) -> list[list[Band]]:
    placed = [(table.table, table.box) for table in tables if table.box is not None]
    return [bands_of(table, box, page if len(placed) == 1 else _wider(box)) for table, box in placed]


def _wider(box: Box) -> Box:
    """Letters may stand a little out of a box."""
    return Box(box.x0 - _MARGIN, box.y0 - _MARGIN, box.x1 + _MARGIN, box.y1 + _MARGIN)
