"""Use cases: erase a job on request, and erase all whose retention time is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from app.jobs import events, links
from app.jobs.cancel import CancelJob, job_for
from app.jobs.job import short
from app.jobs.patience import Clock, utc_now
from app.jobs.ports import FileStore, JobStore

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased, and when."""

    job_id: str
    erased_at: datetime
    """UTC."""
    files: int
    bytes: int
    images: tuple[str, ...]
    """Filenames of the source images."""


@dataclass(frozen=True, slots=True)
class EraseJob:
    """Stops the job where it still runs, then erases input, results, job and events."""

    store: JobStore
    files: FileStore
    cancel: CancelJob
    clock: Clock = utc_now

    async def __call__(self, job_id: str, session_id: str | None = None) -> Receipt:
        """NotFound; Expired (then it is erased already)."""
        job = await job_for(self.store, job_id, session_id)
        if not job.status.is_terminal:
            await self.cancel.stop(job)
        erased: Sequence[tuple[str, int]] = await self.files.delete_prefix(links.job_prefix(job_id))
        now = self.clock()
        await self.store.delete(job_id, expired=False, event=events.job_erased(job, now))
        log.info("job erased", job=short(job_id), files=len(erased))
        filenames = tuple(image.filename for image in job.images)
        return Receipt(job_id, now, len(erased), sum(size for _, size in erased), filenames)


@dataclass(frozen=True, slots=True)
class ExpireJobs:
    """Erases files and jobs whose retention time is over; the mark that stays lets them answer 410."""

    store: JobStore
    files: FileStore
    clock: Clock = utc_now

    async def __call__(self) -> int:
        """The number of jobs that went."""
        expired = await self.store.expired_jobs(self.clock())
        for job_id in expired:
            await self.files.delete_prefix(links.job_prefix(job_id))
            await self.store.delete(job_id, expired=True)
        if expired:
            log.info("jobs expired", jobs=len(expired))
        return len(expired)
