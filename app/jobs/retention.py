"""Use cases: erase a job on request, all whose retention time is over, and what was left behind."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from app.errors import Expired, NotFound, Unavailable
from app.jobs import events, links
from app.jobs.cancel import CancelJob, job_for
from app.jobs.job import Job, ResultFile, short
from app.jobs.patience import Clock, insist, utc_now
from app.jobs.ports import FileStore, JobStore, Journal

LATE = timedelta(minutes=10)
"""A worker may still write for a job that was erased meanwhile; after it the files are looked for again."""
ORPHANED = timedelta(hours=7)
"""Files so old belong to a job, or to none: a batch is stored within `submit.RESERVED`."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ErasedFile:
    """One stored file that is gone."""

    kind: str
    """input, tables or results."""
    name: str
    """Id of the image or of the result file."""
    bytes: int
    sha256: str | None
    """Hexadecimal; None: written so late that nobody knows it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased, and when."""

    job_id: str
    erased_at: datetime
    """UTC."""
    files: tuple[ErasedFile, ...]
    images: tuple[str, ...]
    """Filenames of the source images."""


@dataclass(frozen=True, slots=True)
class EraseJob:
    """Stops the job where it still runs, then erases input, results, job and events."""

    store: JobStore
    files: FileStore
    cancel: CancelJob
    journal: Journal
    clock: Clock = utc_now

    async def __call__(self, job_id: str, session_id: str | None = None) -> Receipt:
        """NotFound; Expired (then it is erased already)."""
        job = await job_for(self.store, job_id, session_id)
        if not job.status.is_terminal:
            await self.cancel.stop(job)
            job = await self.store.get(job_id)
        hashes = await self._hashes(job)
        erased = await self.files.delete_prefix(links.job_prefix(job_id))
        now = self.clock()
        await self.store.delete(job_id, expired=False, event=events.job_erased(job, now))
        await self.store.reserve(job_id, now + LATE)
        await self.journal.forget()
        log.info("job erased", job=short(job_id), files=len(erased))
        filenames = tuple(image.filename for image in job.images)
        return Receipt(job_id, now, _listed(erased, hashes), filenames)

    async def _hashes(self, job: Job) -> dict[str, str]:
        """SHA-256 of the job's files by key: of images and results as they were stored, of tables anew."""
        inputs = {links.input_key(job.job_id, image.image_id): image.sha256 for image in job.images}
        results = {links.result_key(job.job_id, file.file_id): file.sha256 for file in job.files}
        tables: dict[str, str] = {}
        for image_id in job.outcomes:
            key = links.tables_key(job.job_id, image_id)
            try:
                tables[key] = hashlib.sha256(await self.files.get(key)).hexdigest()
            except NotFound:  # it failed, or the job expires at this moment
                continue
        return inputs | results | tables


@dataclass(frozen=True, slots=True)
class ExpireJobs:
    """Erases files and jobs whose retention time is over; the mark that stays lets them answer 410. A job
    that was not done by then is told as over, and its worker is interrupted."""

    store: JobStore
    files: FileStore
    cancel: CancelJob
    journal: Journal
    clock: Clock = utc_now

    async def __call__(self) -> int:
        """The number of jobs that went. One that cannot go now keeps no other; it is tried again."""
        gone, now = 0, self.clock()
        for job_id in await self.store.expired_jobs(now):
            try:
                gone += await self._erase(job_id, now)
            except Unavailable as trouble:
                log.warning("a job cannot be erased yet", job=short(job_id), reason=repr(trouble.__cause__))
        if gone:
            log.info("jobs expired", jobs=gone)
        await self.journal.forget()
        return gone

    async def _erase(self, job_id: str, now: datetime) -> bool:
        job = await self.store.kept(job_id)
        await self.files.delete_prefix(links.job_prefix(job_id))
        last = events.job_expired(job, now) if job else None
        gone = await self.store.delete(job_id, expired=True, event=last)
        if job and not job.status.is_terminal:
            await self.cancel.interrupt(job)
        return gone


@dataclass(frozen=True, slots=True)
class EraseOrphans:
    """Erases old files that no job owns: a process died while it wrote them, or the store lost its jobs."""

    store: JobStore
    files: FileStore
    clock: Clock = utc_now

    async def __call__(self) -> int:
        """The number of files that went."""
        old = await self.files.older(links.JOBS, self.clock() - ORPHANED)
        owners = {links.job_of(key) for key in old}
        orphaned = [job_id for job_id in sorted(owners) if not await self._known(job_id)]
        gone = [len(await self.files.delete_prefix(links.job_prefix(job_id))) for job_id in orphaned]
        if gone:
            log.warning("orphaned files erased", jobs=len(gone), files=sum(gone))
        return sum(gone)

    async def _known(self, job_id: str) -> bool:
        try:
            await self.store.get(job_id)
        except (NotFound, Expired):
            return False
        return True


@dataclass(frozen=True, slots=True)
class HandOver:
    """Ends a download: of a job without retention the file goes then, and with the last one the tables."""

    files: FileStore

    async def __call__(self, job: Job, file: ResultFile) -> None:
        """To be called when the client has the whole file."""
        if not job.options.zero_retention:
            return
        await self.files.delete_prefix(links.result_key(job.job_id, file.file_id))
        if not [each for each in job.files if await self._is_there(job, each)]:
            await self.files.delete_prefix(links.job_prefix(job.job_id))

    async def _is_there(self, job: Job, file: ResultFile) -> bool:
        try:
            return await self.files.size(links.result_key(job.job_id, file.file_id)) >= 0
        except NotFound:
            return False


async def erase_if_gone(store: JobStore, files: FileStore, job_id: str) -> None:
    """For who wrote a file too late: a job that was erased meanwhile leaves nothing."""
    try:
        await insist(partial(store.get, job_id))
    except (NotFound, Expired):
        await files.delete_prefix(links.job_prefix(job_id))


def _listed(erased: Sequence[tuple[str, int]], hashes: dict[str, str]) -> tuple[ErasedFile, ...]:
    files: list[ErasedFile] = []
    for key, size in erased:
        _, _, kind, name = key.split("/", 3)
        files.append(ErasedFile(kind, name.removesuffix(".json"), size, hashes.get(key)))
    return tuple(files)
