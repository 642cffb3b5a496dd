"""Cuts parts out of source images in a child process that may be killed any moment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence

import msgspec
import structlog

from app.jobs.output_ports import Cutting
from app.recognition.engine import DecodeLimits, SourceImage
from app.services.child_process import spawn_connected
from app.services.cutting_messages import LONGEST_FRAME, Cut, CutRequest, Message, parse_message
from app.services.frames import LENGTH, frame
from app.workbook.plan import Cutout

_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff")
log = structlog.get_logger()


class ChildImageCutter:
    """An ImageCutter: a process for each image, ended with the work on it."""

    def __init__(self, limits: DecodeLimits, *, memory_mb: int = 1024, image_s: float = 30.0) -> None:
        self._limits = limits
        self._memory_mb = memory_mb
        self._image_s = image_s
        """Longest time for one image, seconds."""

    async def cut(self, source: SourceImage, cutouts: Sequence[Cutout]) -> Mapping[Cutout, Cutting]:
        """See the port."""
        found: dict[Cutout, Cutting] = {}
        try:
            async with asyncio.timeout(self._image_s):
                await self._cut(source, cutouts, found)
        except (OSError, EOFError, TimeoutError, msgspec.DecodeError) as failure:
            # a workbook without these images is better than none
            log.warning("parts of an image could not be cut", found=len(found), reason=repr(failure))
        return found

    async def _cut(
        self, source: SourceImage, cutouts: Sequence[Cutout], found: dict[Cutout, Cutting]
    ) -> None:
        child = await spawn_connected(lambda end: [sys.executable, "-m", "app.services.cut_child", str(end)])
        try:
            path = str(source.path.absolute())
            child.writer.write(frame(CutRequest(path, tuple(cutouts), self._limits, self._memory_mb)))
            while isinstance(message := await _next(child.reader), Cut):
                if not (message.index < len(cutouts) and message.content.startswith(_SIGNATURES)):
                    raise OSError("the answer is none")
                found[cutouts[message.index]] = Cutting(message.content, message.width, message.height)
            if message.failure:
                log.warning("parts of an image could not be cut", found=len(found), reason=message.failure)
        finally:
            child.writer.close()
            await asyncio.shield(child.process.stop(0))


async def _next(reader: asyncio.StreamReader) -> Message:
    """EOFError (asyncio.IncompleteReadError is one): the process is gone. OSError: the connection is."""
    (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
    if length > LONGEST_FRAME:
        raise OSError("the answer is too large")
    return parse_message(await reader.readexactly(length))
