"""Tables of a page as images of their own: small print as crops, long ones as bands of rows. Where they lie,
the local engine says."""

from __future__ import annotations

import asyncio

import structlog

from app.errors import EngineFailed, ImageFailed
from app.recognition.engine import PageReading, SourceImage
from app.recognition.olmocr.crops import parts_of
from app.recognition.olmocr.page_image import band_png, is_upright, png_size, upright_png
from app.recognition.reconciling.engine import WordReader
from app.recognition.survey import Survey
from app.services.olmocr_upright import WholePage, as_file

log = structlog.get_logger()


class BandRenderer:
    """Cuts the tables out of a page whose print is small, or whose answer would be, or was, too long."""

    def __init__(self, whole: WholePage, local: WordReader) -> None:
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
            if read is None or not is_upright(survey):
                read = await self._read(page, image)
        except (ImageFailed, EngineFailed) as failure:
            log.info("the page is not cut", reason=failure.message)
            return []
        cut = parts_of(read) if read else []
        if read is None or not cut:
            return []
        scale = png_size(page)[0] / read.page.width
        log.info("the page is shown in crops", crops=[len(bands) for bands in cut])
        return [
            [await asyncio.to_thread(band_png, page, band.strips, scale) for band in bands] for bands in cut
        ]

    async def _read(self, page: bytes, image: SourceImage) -> PageReading | None:
        async with as_file(page, image.filename) as upright:
            return (await self._local.read(upright, lambda _: None)).of_page(1)
