"""Use case: recognize one image of a job. May be called any number of times; the first outcome stays."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from app.errors import (
    EngineCrashed,
    EngineFailed,
    Expired,
    ImageFailed,
    NotFound,
    OlmOCRError,
    UnreadableImage,
)
from app.jobs import events, links
from app.jobs.attempts import MAX_ATTEMPTS, forgiven
from app.jobs.endings import end
from app.jobs.feed import Feed
from app.jobs.finish import FinishJob
from app.jobs.job import Job, JobImage, Outcome, short
from app.jobs.patience import Clock, insist, utc_now
from app.jobs.ports import FileStore, JobStore
from app.jobs.progress import ProgressReporter
from app.jobs.retention import erase_if_gone
from app.jobs.reuse import Reuse
from app.jobs.tables import as_asked, image_tables
from app.models.tables import ImageTables
from app.recognition.engine import Engine, EngineName, Recognition, SourceImage
from app.recognition.spending import metered

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RunImage:
    """Counts the attempt, lets the engine read the image, keeps its tables and outcome, feeds the job on."""

    store: JobStore
    files: FileStore
    feed: Feed
    finish: FinishJob
    engines: Mapping[EngineName, Engine]
    reuse: Reuse
    scratch: Path
    """Folder for local copies of images."""
    clock: Clock = utc_now

    async def __call__(self, job_id: str, image_id: str) -> None:
        """Returns when the image has an outcome or the job is over; raises only what a later try may mend."""
        with structlog.contextvars.bound_contextvars(job=short(job_id), image=short(image_id)):
            await self._run(job_id, image_id)

    async def _run(self, job_id: str, image_id: str) -> None:
        try:
            job = await insist(partial(self.store.get, job_id))
        except (NotFound, Expired):
            return
        image = next((image for image in job.pending if image.image_id == image_id), None)
        if image is not None and not job.status.is_terminal:
            await insist(lambda: self.store.start(job_id, events.job_progress(job, self.clock())))
            async with forgiven(self.store, job_id, image_id):
                await self._settle(job, image)
        if await insist(lambda: self.feed.images(job_id)) == 0:
            await self.finish(job_id)  # at once: the queue may be long
            await insist(lambda: self.feed.next_of(job.session_id))

    async def _settle(self, job: Job, image: JobImage) -> None:
        started = time.monotonic()
        with metered() as meter:
            try:
                outcome, tables = await self._reused(job, image) or await self._read(job, image)
            except _JobOver:
                return
            except (ImageFailed, EngineFailed) as failure:
                outcome, tables = _failure(image, failure, time.monotonic() - started), None
        outcome = replace(outcome, spending=meter.total)
        if tables is not None:
            key, text = links.tables_key(job.job_id, image.image_id), tables.model_dump_json()
            await insist(lambda: self.files.put(key, text.encode()))
        first = await self._record(job, image, outcome, tables)
        if job.options.zero_retention:
            await self.files.delete_prefix(links.input_key(job.job_id, image.image_id))
        if not first:
            await erase_if_gone(self.store, self.files, job.job_id)

    async def _reused(self, job: Job, image: JobImage) -> tuple[Outcome, ImageTables] | None:
        tables = await insist(lambda: self.reuse.find(job, image))
        return None if tables is None else (replace(_outcome(image, tables, 0.0), reused=True), tables)

    async def _read(self, job: Job, image: JobImage) -> tuple[Outcome, ImageTables]:
        started = time.monotonic()
        read = await self._recognize(job, image)
        found = as_asked(read, join_continued=job.options.join_continued)
        tables = image_tables(found, image.filename, image.image_id)
        # with a warning, e.g. that another engine had to stand in, a later try may do better
        name = "" if read.warnings else self.reuse.name_of(job, image)
        return replace(_outcome(image, tables, time.monotonic() - started), recognized_as=name), tables

    async def _recognize(self, job: Job, image: JobImage) -> Recognition:
        """Tries again after a crash of the engine's process, as long as attempts are left."""
        count = partial(self.store.count_attempt, job.job_id, image.image_id)
        while await insist(count) <= MAX_ATTEMPTS:
            try:
                return await self._attempt(job, image)
            except EngineCrashed as crash:
                log.warning("engine crashed", index=image.index, reason=repr(crash))
        raise EngineCrashed(
            f"Reading the image ended abnormally {MAX_ATTEMPTS} times, so it was given up. "
            "Save it in another format or crop it to the table, then try again."
        )

    async def _attempt(self, job: Job, image: JobImage) -> Recognition:
        engine = self.engines[job.options.engine]
        window = await insist(lambda: self.feed.window(job))
        share = max(1, min(window, len(job.images)))
        with tempfile.TemporaryDirectory(dir=self.scratch, prefix="image-") as folder:
            source = await self._fetch(job, image, Path(folder))
            over = asyncio.Event()
            reporter = ProgressReporter(self.store, job, image, self.clock, share, over.set)
            async with reporter:
                return await _unless(over, engine.recognize(source, reporter.report))

    async def _fetch(self, job: Job, image: JobImage, folder: Path) -> SourceImage:
        try:
            path = await self.files.fetch(links.input_key(job.job_id, image.image_id), folder)
        except NotFound as missing:
            raise UnreadableImage("The uploaded image is gone. Convert it again.") from missing
        return SourceImage(path, image.filename)

    async def _record(self, job: Job, image: JobImage, outcome: Outcome, tables: ImageTables | None) -> bool:
        now = self.clock()
        told = [
            events.single_image_completed(job, image, outcome, tables, now),
            events.job_progress(job, now, image=image),
        ]
        log.info("image done", index=image.index, error_code=outcome.error_code, seconds=outcome.seconds)
        return await insist(lambda: self.store.record(job.job_id, outcome, told))


class _JobOver(Exception):
    """The job ended while its image was read."""


async def _unless(over: asyncio.Event, work: Coroutine[Any, Any, Recognition]) -> Recognition:
    """The result of ``work``; cancels it and raises _JobOver when ``over`` comes first."""
    reading = asyncio.create_task(work)
    ending = asyncio.create_task(over.wait())
    try:
        await asyncio.wait({reading, ending}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            return reading.result()
        raise _JobOver
    finally:
        await end(reading, ending)


def _outcome(image: JobImage, tables: ImageTables, seconds: float) -> Outcome:
    return Outcome(
        image.image_id,
        tables=len(tables.tables),
        pages=tables.pages,
        engine=tables.engine,
        warnings=tuple(tables.warnings),
        seconds=round(seconds, 3),
    )


def _failure(image: JobImage, failure: OlmOCRError, seconds: float) -> Outcome:
    return Outcome(image.image_id, error=failure.message, error_code=failure.code, seconds=round(seconds, 3))
