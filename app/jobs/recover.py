"""Use case: look after open jobs. The store is the truth and the queue only delivers: what has no outcome
and no task is added again, whatever was lost on the way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from app.errors import Unavailable
from app.jobs.feed import Feed
from app.jobs.ports import JobStore
from app.jobs.retention import EraseOrphans, ExpireJobs

SWEEP_S = 5.0
EXPIRY_S = 30.0
ORPHANS_S = 3600.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Recover:
    """Every worker runs `forever`; each turn is taken by one of them."""

    store: JobStore
    feed: Feed
    expire: ExpireJobs
    orphans: EraseOrphans
    sweep_s: float = SWEEP_S
    expiry_s: float = EXPIRY_S

    async def __call__(self) -> int:
        """One sweep over all open jobs; returns their number."""
        jobs = await self.store.open_jobs()
        for job_id in jobs:
            await self.feed(job_id)
        return len(jobs)

    async def forever(self) -> None:
        """Sweeps at once, then whenever a turn is free."""
        while True:
            try:
                if await self.store.take_turn("sweep", self.sweep_s * 0.9):
                    await self()
                if await self.store.take_turn("expire", self.expiry_s * 0.9):
                    await self.expire()
                if await self.store.take_turn("orphans", ORPHANS_S):
                    await self.orphans()
            except Unavailable:
                log.warning("the store is away; the sweep waits")
            await asyncio.sleep(self.sweep_s)
