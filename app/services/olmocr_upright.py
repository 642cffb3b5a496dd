"""Pages stand upright and level before the model sees them; how they lie, the local engine's process says."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from app.errors import EngineFailed, ImageFailed
from app.recognition.engine import SourceImage
from app.recognition.olmocr.page_image import fitted_png, is_askew, upright_png
from app.recognition.survey import Survey
from app.services.olmocr_messages import RenderedPage

WholePage = Callable[[SourceImage, int], Awaitable[bytes]]
"""A page of a source image, by its number from 1, as a PNG in full size. ImageFailed, EngineFailed."""
log = structlog.get_logger()


class Surveyor(Protocol):
    """Whoever can tell at a quick look how a page lies."""

    async def survey(self, image: SourceImage) -> Survey:
        """ImageFailed, EngineFailed."""
        ...


@dataclass(frozen=True, slots=True)
class UprightPage:
    """A page as the model shall see it."""

    png: bytes
    survey: Survey
    """What was found, and set right."""


class Straightener:
    """Sets pages upright. A page that nobody can look at stays as it is: the model says then how it lies."""

    def __init__(self, whole: WholePage, surveyor: Surveyor) -> None:
        self._whole = whole
        self._surveyor = surveyor

    async def __call__(self, image: SourceImage, page: RenderedPage, known: Survey | None) -> UprightPage:
        """``known``: what a reading of the page has told already."""
        try:
            survey = known or await self._surveyed(page.png, image.filename)
            return UprightPage(await self._upright(image, page, survey), survey)
        except (ImageFailed, EngineFailed) as failure:
            log.warning("the page is not turned before it is sent", reason=failure.message)
            return UprightPage(page.png, Survey())

    async def _surveyed(self, png: bytes, filename: str) -> Survey:
        async with as_file(png, filename) as image:
            return await self._surveyor.survey(image)

    async def _upright(self, image: SourceImage, page: RenderedPage, survey: Survey) -> bytes:
        """A skewed page is levelled in full size: its letters would blur otherwise."""
        if is_askew(survey):
            whole = await self._whole(image, page.number)
            return await asyncio.to_thread(lambda: fitted_png(upright_png(whole, survey)))
        return await asyncio.to_thread(upright_png, page.png, survey)


@asynccontextmanager
async def as_file(png: bytes, filename: str) -> AsyncGenerator[SourceImage]:
    """An image of our own for an engine that reads files."""
    with tempfile.TemporaryDirectory(prefix="olmocr-page-") as folder:
        path = Path(folder) / "page.png"
        await asyncio.to_thread(path.write_bytes, png)
        yield SourceImage(path, filename)
