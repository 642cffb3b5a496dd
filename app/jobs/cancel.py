"""Use case: stop a job that waits or runs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from app.errors import Conflict, NotFound, Unavailable
from app.jobs import events, links
from app.jobs.feed import Feed
from app.jobs.job import Job, JobStatus
from app.jobs.patience import Clock, utc_now
from app.jobs.ports import FileStore, JobStore, TaskQueue

REASON = "The job was cancelled."
CODE = "job_cancelled"
MOST_QUEUED = 32
"""Images of one job that stand in the queue on a small deployment, at most; the others were never added."""


async def job_for(store: JobStore, job_id: str, session_id: str | None) -> Job:
    """The job, when it belongs to the session (None: any). NotFound also for jobs of other sessions."""
    job = await store.get(job_id)
    if session_id is not None and job.session_id != session_id:
        raise NotFound("There is no such job. Check the id; jobs belong to the session that made them.")
    return job


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Ends the job first, then drops its waiting tasks and interrupts the running ones."""

    store: JobStore
    queue: TaskQueue
    feed: Feed
    files: FileStore
    clock: Clock = utc_now

    async def __call__(self, job_id: str, session_id: str | None = None) -> Job:
        """The cancelled job, also when it was cancelled before. Conflict: it had ended otherwise."""
        job = await job_for(self.store, job_id, session_id)
        if not await self.stop(job):
            job = await self.store.get(job_id)
            if job.status is not JobStatus.CANCELLED:
                raise Conflict("The job has ended already; there is nothing to cancel.")
        return await self.store.get(job_id)

    async def stop(self, job: Job) -> bool:
        """False when the job was over."""
        now = self.clock()
        event = events.job_error(job, REASON, CODE, now, status=JobStatus.CANCELLED)
        stopped = await self.store.finish(
            job.job_id, JobStatus.CANCELLED, event, error=REASON, error_code=CODE, finished_at=now
        )
        if stopped:
            await self.interrupt(job)
        if stopped and job.options.zero_retention:
            await self.files.delete_prefix(links.job_prefix(job.job_id))
        return stopped

    async def interrupt(self, job: Job) -> None:
        """Drops the tasks of a job that is over, where they run too, and lets another one move up."""
        with suppress(Unavailable):  # tasks of an ended job do nothing when they come up
            queued = job.pending[: max(MOST_QUEUED, 2 * await self.feed.window(job))]
            await self.queue.cancel(job.job_id, [image.image_id for image in queued])
            await self.feed.next_of(job.session_id)
