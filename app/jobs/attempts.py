"""Tries at work that may kill whoever does it: counted when they begin, given up after the third death."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from app.errors import Unavailable
from app.jobs.ports import JobStore

MAX_ATTEMPTS = 3
"""Tries at one unit of work that end with a dead process; then it is given up."""


@asynccontextmanager
async def forgiven(store: JobStore, job_id: str, unit: str) -> AsyncGenerator[None]:
    """A counted try that is handed back in order is no death: a worker was told to stop, a store was away, a
    disk was full. It is taken from the count; however often that happens, the work is not given up."""
    try:
        yield
    except (Unavailable, OSError, asyncio.CancelledError):
        with suppress(Unavailable):
            await asyncio.shield(store.uncount_attempt(job_id, unit))
        raise
