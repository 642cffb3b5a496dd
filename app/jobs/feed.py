"""Adds a job's next tasks: few images at a time, so that a long job does not stand in the way of others."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.errors import Expired, NotFound
from app.jobs.ports import JobStore, TaskQueue
from app.recognition.engine import EngineName


@dataclass(frozen=True, slots=True)
class Feed:
    """Call it whenever a job may have something to do: an image that waits or runs is not added again."""

    store: JobStore
    queue: TaskQueue
    window: int = 4
    """Images of one job that wait or run at the same time."""
    remote: frozenset[EngineName] = field(default=frozenset[EngineName]())
    """Engines bound by an API, not by this machine's cores."""

    async def __call__(self, job_id: str) -> None:
        """The next images, or the workbooks when all images have an outcome."""
        if await self.images(job_id) == 0:
            await self.queue.add_finish(job_id)

    async def images(self, job_id: str) -> int | None:
        """Adds the next images; returns how many have no outcome yet. None: the job is over or gone."""
        try:
            job = await self.store.get(job_id)
        except (NotFound, Expired):
            return None
        if job.status.is_terminal:
            return None
        for image in job.pending[: self.window]:
            await self.queue.add_image(job_id, image.image_id, remote=job.options.engine in self.remote)
        return len(job.pending)
