"""Builds one worker process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.jobs.endings import end
from app.jobs.finish import FinishJob
from app.jobs.recover import SWEEP_S, Recover
from app.jobs.retention import EraseOrphans, ExpireJobs
from app.jobs.run import RunImage
from app.recognition.engine import Engine, EngineName
from app.services.docket_queue import LEASE, Tasks, WorkerLoop
from app.services.scratch import open_scratch
from app.settings import Settings
from app.wiring.core import Core
from app.wiring.engines import remote_engines


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """One worker process: takes tasks, and looks after open and expired jobs."""

    loop: WorkerLoop
    recover: Recover

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set and what runs is drained. A part that fails ends the other."""
        async with asyncio.TaskGroup() as group:
            sweeping = group.create_task(self.recover.forever())
            await self.loop.run(stop)
            await end(sweeping)


def worker_parts(
    settings: Settings,
    core: Core,
    engines: Mapping[EngineName, Engine],
    *,
    lease: timedelta = LEASE,
    sweep_s: float = SWEEP_S,
) -> WorkerParts:
    """A worker on the core with these engines."""
    scratch = open_scratch(settings.data_dir / "scratch")
    finish = FinishJob(core.store, core.files, core.outputs)
    tasks = Tasks(RunImage(core.store, core.files, core.feed, finish, engines, scratch), finish)
    remote = settings.olmocr_concurrency if remote_engines(settings) else 0
    loop = WorkerLoop(core.redis_url, tasks, remote_concurrency=remote, lease=lease)
    expire = ExpireJobs(core.store, core.files, core.journal)
    orphans = EraseOrphans(core.store, core.files)
    return WorkerParts(loop, Recover(core.store, core.feed, expire, orphans, sweep_s=sweep_s))
