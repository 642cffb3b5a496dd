"""The olmOCR engine: pages rendered apart from us, read by a model behind an API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

import structlog

from app.errors import EngineAnswerUnusable, EngineFailed, EngineUnavailable, ImageFailed, NoTableFound
from app.recognition.engine import (
    EngineName,
    FoundTable,
    PageReading,
    Recognition,
    Report,
    SourceImage,
    Stage,
)
from app.recognition.olmocr.prompt import choose_prompt
from app.recognition.olmocr.response import PlacedTable
from app.recognition.survey import Survey
from app.services.olmocr_chat import ChatApi
from app.services.olmocr_messages import RenderedPage
from app.services.olmocr_options import OlmOcrOptions
from app.services.olmocr_page import PageReader
from app.services.olmocr_patience import PatientApi
from app.services.olmocr_probe import probe
from app.services.olmocr_progress import PageProgress
from app.services.olmocr_provider import OwnProvider, Provider
from app.services.olmocr_upright import UprightPage
from app.services.working_time import WorkingTime

RenderPages = Callable[[SourceImage], AsyncGenerator[RenderedPage]]
"""Yields the pages of a source image in order. Raises ImageFailed or EngineFailed."""
Straighten = Callable[[SourceImage, RenderedPage, Survey | None], Awaitable[UprightPage]]
"""A page set upright; the survey where it is known already."""
CutPage = Callable[[SourceImage, int, Survey, PageReading | None], Awaitable[list[list[bytes]]]]
"""The bands of each table of a page, by its number from 1; none where there is nothing to cut."""
_CAUSE_CHARACTERS = 300
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _PageOutcome:
    number: int
    tables: tuple[PlacedTable, ...] = ()
    failure: EngineAnswerUnusable | None = None


class OlmOcrEngine:
    """An Engine that asks an olmOCR model, a few pages at a time. One for the process: it limits requests."""

    name = EngineName.OLMOCR

    def __init__(
        self,
        options: OlmOcrOptions,
        render: RenderPages,
        provider: Provider | None = None,
        straighten: Straighten | None = None,
        cut: CutPage | None = None,
    ) -> None:
        """``provider``: None where no other process shares it. ``straighten``: None: pages stay as they lie
        until the model complains. ``cut``: None: long tables stay whole."""
        self._options = options
        self._api = ChatApi(options)
        self._prompt = choose_prompt(options.prompt)
        patient = PatientApi(self._api, provider or OwnProvider(options.shares), options)
        self._reader = PageReader(patient, self._prompt)
        self._render = render
        self._straighten = straighten
        self._cut = cut
        self._slots = asyncio.Semaphore(options.shares.concurrency)

    async def recognize(
        self, image: SourceImage, report: Report, read: Recognition | None = None
    ) -> Recognition:
        """``read``: what the local engine has read of the image already, with its words."""
        try:
            return _recognition(await self._in_time(image, PageProgress(report), read))
        except EngineFailed as failure:  # another engine may step in; whoever runs the service must know
            cause = str(failure.__cause__ or "")[:_CAUSE_CHARACTERS]
            log.warning("olmOCR failed", code=failure.code, reason=failure.message, cause=cause)
            raise

    async def _in_time(
        self, image: SourceImage, progress: PageProgress, read: Recognition | None
    ) -> list[_PageOutcome]:
        try:
            async with asyncio.timeout(None) as limit:
                time = WorkingTime(limit, self._options.image_s)
                return await self._read_pages(image, progress, time, read)
        except TimeoutError as late:
            raise EngineUnavailable(
                f"The olmOCR API did not read the image within {self._options.image_s:g} s. "
                "Try again later, or use the local engine.",
                code="engine_timeout",
            ) from late

    async def announce(self) -> None:
        """Says in the log whether the API serves us; no fault of it is raised here."""
        probed = await probe(self._api, self._options)
        (log.info if probed.usable else log.warning)(probed.sentence, prompt=str(self._prompt))

    async def close(self) -> None:
        await self._api.close()

    async def _read_pages(
        self, image: SourceImage, progress: PageProgress, time: WorkingTime, read: Recognition | None
    ) -> list[_PageOutcome]:
        progress.reach(Stage.DECODE)
        tasks: list[asyncio.Task[_PageOutcome]] = []
        failed: list[BaseException] = []
        try:
            async with aclosing(self._render(image)) as pages, asyncio.TaskGroup() as group:
                async for page in pages:
                    progress.begin(page.pages, Stage.PREPARE)
                    await self._slots.acquire()  # rendered pages wait here one by one, not all in memory
                    known = read.of_page(page.number) if read else None
                    task = group.create_task(self._read_page(image, page, progress, time, known))
                    task.add_done_callback(lambda _: self._slots.release())
                    tasks.append(task)
        except* (ImageFailed, EngineFailed) as failures:
            failed.extend(failures.exceptions)
        for failure in failed:
            raise failure
        return [task.result() for task in tasks]

    async def _read_page(
        self,
        image: SourceImage,
        page: RenderedPage,
        progress: PageProgress,
        time: WorkingTime,
        read: PageReading | None,
    ) -> _PageOutcome:
        try:
            upright = await self._upright(image, page, read)
            progress.reach(Stage.WORDS)
            bands = partial(self._cut, image, page.number, upright.survey, read) if self._cut else None
            tables = await self._reader.read(upright, lambda: progress.reach(Stage.TABLES), time, bands)
        except EngineAnswerUnusable as failure:
            return _PageOutcome(page.number, failure=failure)
        finally:
            progress.finish()
        return _PageOutcome(page.number, tables)

    async def _upright(self, image: SourceImage, page: RenderedPage, read: PageReading | None) -> UprightPage:
        if self._straighten is None:
            return UprightPage(page.png, Survey())
        return await self._straighten(image, page, read.page.survey if read else None)


def _recognition(outcomes: list[_PageOutcome]) -> Recognition:
    """Pages that could not be read are named in a warning, as long as others were."""
    tables = tuple(
        FoundTable(table, page.number, surroundings=around)
        for page in outcomes
        for table, around in page.tables
    )
    failures = [page.failure for page in outcomes if page.failure is not None]
    if not tables and failures:
        raise failures[0]
    if not tables:
        raise NoTableFound("No table was found in this image. Send one that shows a table.")
    warnings = tuple(
        f"Page {page.number} could not be read: {page.failure.message}" for page in outcomes if page.failure
    )
    return Recognition(tables, len(outcomes), EngineName.OLMOCR, warnings)
