"""Builds one worker process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.jobs.cuttings import JobCuttings
from app.jobs.endings import end
from app.jobs.finish import FinishJob
from app.jobs.recover import SWEEP_S, Recover
from app.jobs.retention import EraseOrphans, ExpireJobs
from app.jobs.reuse import Reuse
from app.jobs.run import RunImage
from app.jobs.webhooks import CLAIM_S, DeliverWebhooks
from app.recognition.engine import Engine, EngineName
from app.services.docket_queue import LEASE, Tasks, WorkerLoop
from app.services.measured_engine import MeasuredEngine
from app.services.scratch import keep_swept, open_scratch
from app.services.webhook_outbox import RedisWebhookOutbox
from app.services.webhook_sender import StandardWebhookSender
from app.settings import Settings
from app.wiring.core import Core
from app.wiring.engines import image_cutter, remote_engines
from app.wiring.revisions import revisions


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """One worker process: takes tasks, looks after open and expired jobs, and tells of ended ones."""

    loop: WorkerLoop
    recover: Recover
    scratch: Path
    """Of this process; erased when it is dead."""
    webhooks: DeliverWebhooks | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set and what runs is drained. A part that fails ends the other."""
        async with asyncio.TaskGroup() as group:
            duties = (self.recover.forever(), keep_swept(self.scratch.parent))
            aside = [group.create_task(duty) for duty in duties]
            if self.webhooks:
                aside.append(group.create_task(self.webhooks.forever()))
            await self.loop.run(stop)
            await end(*aside)


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
    cuttings = JobCuttings(core.files, image_cutter(settings), scratch)
    finish = FinishJob(core.store, core.files, core.outputs, cuttings)
    reuse = Reuse(core.store, core.files, revisions(settings) if settings.reuse_recognition else {})
    measured = {name: MeasuredEngine(engine, core.watch) for name, engine in engines.items()}
    run = RunImage(core.store, core.files, core.feed, finish, measured, reuse, scratch)
    remote = settings.olmocr_concurrency if remote_engines(settings) else 0
    loop = WorkerLoop(core.redis_url, Tasks(run, finish), remote_concurrency=remote, lease=lease)
    expire = ExpireJobs(core.store, core.files, core.cancel, core.journal)
    orphans = EraseOrphans(core.store, core.files)
    recover = Recover(core.store, core.feed, expire, orphans, sweep_s=sweep_s)
    return WorkerParts(loop, recover, scratch, _webhooks(settings, core, lease))


def _webhooks(settings: Settings, core: Core, lease: timedelta) -> DeliverWebhooks | None:
    if settings.webhook_secret is None:
        return None
    sender = StandardWebhookSender(
        settings.webhook_secret.get_secret_value(), private=settings.webhook_allow_private
    )
    claim_s = CLAIM_S * (lease / LEASE)
    return DeliverWebhooks(core.store, RedisWebhookOutbox(core.client), sender, claim_s)
