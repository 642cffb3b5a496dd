"""The local engine behind the contract: recognition in a process of its own, within a time limit."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.errors import EngineUnavailable
from app.recognition.engine import EngineName, Recognition, Report, SourceImage
from app.recognition.local.options import LocalOptions
from app.recognition.survey import Survey
from app.services.engine_messages import Recognizer
from app.services.engine_process import EngineProcess

_Result = TypeVar("_Result")
_PATIENCE_S = 20.0
"""A page goes to the API unsurveyed rather than wait longer for its turn."""


class LocalEngine:
    """An Engine that reads one image at a time; others wait their turn.

    ``build`` makes the recognizer within the process: a module's function, or a partial of one.
    ``timeout_s``: longest time for one image, not counting the wait and the loading of the models.
    """

    name = EngineName.LOCAL

    def __init__(self, build: Callable[[], Recognizer], *, timeout_s: float = 300.0) -> None:
        self._process = EngineProcess(build)
        self._timeout_s = timeout_s
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Loads the models now instead of with the first image. EngineUnavailable."""
        async with self._turn:
            await self._process.start()

    async def recognize(self, image: SourceImage, report: Report) -> Recognition:
        return await self._read(image, report, with_words=False)

    async def read(self, image: SourceImage, report: Report) -> Recognition:
        """As `recognize`, with every word of the page; no tables where none were found."""
        return await self._read(image, report, with_words=True)

    async def survey(self, image: SourceImage) -> Survey:
        """A quick look at the first page of an image; EngineUnavailable where others are read too long."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._turn.acquire()
        except TimeoutError as late:
            raise EngineUnavailable("The local engine is busy.") from late
        try:
            return await self._in_time(lambda: self._process.survey(image))
        finally:
            self._turn.release()

    async def _read(self, image: SourceImage, report: Report, *, with_words: bool) -> Recognition:
        async with self._turn:
            return await self._in_time(lambda: self._process.recognize(image, report, with_words=with_words))

    async def _in_time(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        await self._process.start()
        try:
            async with asyncio.timeout(self._timeout_s):
                return await work()
        except TimeoutError as late:
            raise EngineUnavailable(
                f"Reading the image took longer than {self._timeout_s:g} s. "
                "Crop it to its tables or split it, then try again.",
                code="engine_timeout",
            ) from late

    async def close(self) -> None:
        await self._process.kill()


def local_recognizer(options: LocalOptions) -> Recognizer:
    """Built within the engine's process, so that only there the models' libraries are loaded."""
    from app.recognition.local.pipeline import LocalRecognizer

    recognizer = LocalRecognizer(options)
    gc.collect()
    gc.freeze()  # what is loaded stays: to look through it for garbage takes a twentieth of an image's time
    return recognizer
