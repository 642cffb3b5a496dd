"""Adds a job's next tasks: few images at a time, so that no job stands in the way of others."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.errors import Expired, NotFound
from app.jobs.job import Job
from app.jobs.ports import JobStore, TaskQueue
from app.jobs.waiting import WaitingLine
from app.recognition.engine import EngineName

JOBS_AT_ONCE = 8
"""Open jobs of one session whose images are read; the others follow when one of these is over."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Call it whenever a job may have something to do: an image that waits or runs is not added again.

    The tasks of all sessions stand in one queue, first in, first out, so a new job waits for what is in it.
    A session has at most a window of images there, shared by its jobs, however many images and jobs wait.
    """

    store: JobStore
    queue: TaskQueue
    line: WaitingLine
    least_window: int = 4
    remote: frozenset[EngineName] = field(default=frozenset[EngineName]())
    """Engines bound by an API, not by this machine's cores."""
    remote_concurrency: int = 4
    """Images that one worker has read by an API at the same time."""

    async def __call__(self, job_id: str) -> None:
        """The next images, or the workbooks when all images have an outcome."""
        job = await self._open_job(job_id)
        if job is not None and await self._add(job) == 0:
            await self.queue.add_finish(job_id, trace=job.trace)

    async def images(self, job_id: str) -> int | None:
        """Adds the next images; returns how many have no outcome yet. None: the job is over or gone."""
        job = await self._open_job(job_id)
        return None if job is None else await self._add(job)

    async def _open_job(self, job_id: str) -> Job | None:
        try:
            job = await self.store.get(job_id)
        except (NotFound, Expired):
            return None
        return None if job.status.is_terminal else job

    async def _add(self, job: Job) -> int:
        remote = job.options.engine in self.remote
        for image in job.pending[: await self.window(job)]:
            await self.queue.add_image(job.job_id, image.image_id, remote=remote, trace=job.trace)
        return len(job.pending)

    async def window(self, job: Job) -> int:
        """Images of the job that may wait or run at the same time: enough to keep all workers busy, less
        where its session has other jobs."""
        turn = await self.line.turn(job)
        if turn.rank >= JOBS_AT_ONCE:
            return 0
        share = self.remote_concurrency if job.options.engine in self.remote else 1
        busy = 2 * share * await self.queue.workers()
        return max(1, max(self.least_window, busy) // min(turn.jobs, JOBS_AT_ONCE))

    async def next_of(self, session_id: str) -> None:
        """A job of the session is over: feeds the one that moved up."""
        for job_id in await self.line.open_of_session(session_id, JOBS_AT_ONCE - 1, JOBS_AT_ONCE - 1):
            await self.images(job_id)
