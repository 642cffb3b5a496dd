"""Tells a session how an image comes along: no more often than an eye can follow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

from app.errors import Unavailable
from app.jobs import events
from app.jobs.endings import end
from app.jobs.job import Job, JobImage
from app.jobs.patience import Clock
from app.jobs.ports import JobStore
from app.recognition.engine import Progress

EVENTS_PER_S = 5
"""Stage events of one job a second, at most."""


@dataclass(slots=True)
class ProgressReporter:
    """While its block runs, `report` takes each stage that the engine begins; the latest one is sent on.

    ``share``: how many images of the job may run at once; each gets its share of the job's events.
    ``on_over`` is called when the store says that the job is over or gone.
    """

    store: JobStore
    job: Job
    image: JobImage
    clock: Clock
    share: int
    on_over: Callable[[], None]
    _latest: Progress | None = field(default=None, init=False)
    _news: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _sender: asyncio.Task[None] | None = field(default=None, init=False)

    def report(self, progress: Progress) -> None:
        """Given to the engine."""
        self._latest = progress
        self._news.set()

    async def __aenter__(self) -> ProgressReporter:
        self._sender = asyncio.create_task(self._send_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sender is not None:
            await end(self._sender)

    async def _send_on(self) -> None:
        pause = self.share / EVENTS_PER_S
        while True:
            await self._news.wait()
            self._news.clear()
            with suppress(Unavailable):  # the next stage will tell
                if self._latest is not None and not await self._send(self._latest):
                    self.on_over()
                    return
            await asyncio.sleep(pause)

    async def _send(self, progress: Progress) -> bool:
        event = events.job_progress(self.job, self.clock(), image=self.image, passed=progress)
        return await self.store.progress(
            self.job.job_id, event, image_id=self.image.image_id, fraction=progress.fraction
        )
