"""Pages of a source image for the olmOCR model, decoded in a child process that may be killed any moment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from app import errors
from app.errors import EngineCrashed, ImageFailed, ImageTooLarge, UnreadableImage
from app.recognition.engine import DecodeLimits, SourceImage
from app.services.child_process import ChildProcess, spawn_connected
from app.services.frames import LENGTH
from app.services.olmocr_messages import (
    LONGEST_FRAME,
    NotRendered,
    Rendered,
    RenderedPage,
    parse,
)


class ChildRenderer:
    """Call it with a source image to get its pages; a process per image, ended with the iteration."""

    def __init__(self, limits: DecodeLimits, *, memory_mb: int = 1024, page_s: float = 30.0) -> None:
        self._limits = limits
        self._memory_mb = memory_mb
        self._page_s = page_s
        """Longest time for decoding one page, seconds."""

    def __call__(self, image: SourceImage) -> AsyncGenerator[RenderedPage]:
        """In order. ImageFailed as decoding raised it or when it takes too long; EngineCrashed."""
        return self._pages(image, 0)

    async def _pages(self, image: SourceImage, only: int) -> AsyncGenerator[RenderedPage]:
        child = await spawn_connected(lambda end: self._program(end, image, only), longest_line=LONGEST_FRAME)
        try:
            while isinstance(message := await self._next(child.reader), RenderedPage):
                yield message
            if isinstance(message, NotRendered):
                raise _named(message)
        finally:
            child.writer.close()
            await _ended(child.process)

    async def whole(self, image: SourceImage, number: int) -> bytes:
        """One page, its number from 1, in full size."""
        async with aclosing(self._pages(image, number)) as pages:
            return (await anext(pages)).png

    def _program(self, fd: int, image: SourceImage, only: int) -> list[str]:
        limits = self._limits
        sizes = (limits.max_megapixels, limits.max_pages, limits.working_megapixels)
        figures = (self._memory_mb, *sizes, only)
        module = "app.services.olmocr_render_child"
        path = str(image.path.absolute())
        return [sys.executable, "-m", module, str(fd), path, *map(str, figures)]

    async def _next(self, reader: asyncio.StreamReader) -> Rendered:
        try:
            async with asyncio.timeout(self._page_s):
                (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
                if length > LONGEST_FRAME:
                    raise EngineCrashed("Decoding the image gave an answer that is too large.")
                return parse(await reader.readexactly(length))
        except TimeoutError as late:
            raise ImageTooLarge(
                f"Decoding the image takes longer than {self._page_s:g} s. Please scale it down.",
                code="decode_limit",
            ) from late
        except (asyncio.IncompleteReadError, ConnectionError, msgspec.DecodeError) as gone:
            raise EngineCrashed("Decoding the image ended abnormally.") from gone


async def _ended(process: ChildProcess) -> None:
    """Waits for the end of the process even when we are cancelled meanwhile: it is killed, so it is quick."""
    end = asyncio.create_task(process.stop(0))
    try:
        await asyncio.shield(end)
    except asyncio.CancelledError:
        await end
        raise


def _named(failure: NotRendered) -> ImageFailed:
    kind = getattr(errors, failure.kind, None)
    if isinstance(kind, type) and issubclass(kind, ImageFailed):
        return kind(failure.message, code=failure.code)
    return UnreadableImage(failure.message)
