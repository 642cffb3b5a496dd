"""Builds what the web process needs besides the core; kept apart, since workers need no web framework."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import structlog

from app.api.deps import Doors
from app.api.keys import ApiKeys
from app.api.rate import RateLimits
from app.jobs.endings import end
from app.jobs.ports import EventFeed
from app.jobs.retention import HandOver
from app.services.admissions import RedisAdmissions
from app.services.health import (
    FilesCheck,
    disk_has_room,
    queue_moves,
    store_writable,
    workers_alive,
)
from app.services.keyed_sessions import KeyedSessions
from app.services.local_stack import WORKER, LocalStack
from app.services.olmocr_shared import spent_by_all
from app.services.rate_limits import RedisRateLimits
from app.services.redis_service import connect
from app.services.scratch import keep_swept, open_scratch
from app.services.websocket_service import RedisEventFeed
from app.settings import Settings
from app.wiring.core import SESSION_GRACE, Core, default_options, open_core
from app.wiring.engines import engine_processes

_SLACK_S = 60.0
"""Beyond the longest time for one image; then something should have come of the queue."""
log = structlog.get_logger()


@asynccontextmanager
async def open_doors(
    settings: Settings, *, alone: bool = False, worker: Sequence[str] = WORKER
) -> AsyncGenerator[Doors]:
    """All that the routes need; without REDIS_URL with a store and workers of our own."""
    async with AsyncExitStack() as stack:
        redis_url = await stack.enter_async_context(open_store(settings, alone=alone, worker=worker))
        core = await stack.enter_async_context(open_core(settings, redis_url))
        events = await stack.enter_async_context(RedisEventFeed(core.client))
        counting = connect(redis_url, max_connections=10, patience=0)
        stack.push_async_callback(counting.aclose)
        rates = RedisRateLimits(counting, rate_policies(settings))
        doors = _doors(settings, core, events, rates)
        sweeping = asyncio.create_task(keep_swept(doors.spool.parent))
        stack.push_async_callback(end, sweeping)
        yield doors


@asynccontextmanager
async def open_store(
    settings: Settings, *, alone: bool = False, worker: Sequence[str] = WORKER
) -> AsyncGenerator[str]:
    """The address of the store, and inside it the workers that this machine is to run."""
    given = settings.redis_url.get_secret_value() if settings.redis_url else None
    workers = worker_count(settings)
    if given and not workers:
        if settings.worker_processes is None:  # nobody said so: who forgets the workers waits for ever
            log.warning(
                "no workers here: run `olmocr-backend worker` on this REDIS_URL, or set WORKER_PROCESSES"
            )
        yield given
        return
    async with LocalStack(
        settings.data_dir,
        workers=workers,
        env=os.environ,
        redis_url=given,
        exclusive=alone and not given,  # with REDIS_URL several servers may share a folder
        command=worker,
    ) as local:
        yield local.redis_url


def worker_count(settings: Settings) -> int:
    """As set; else one a core with a store of our own, and none where REDIS_URL names a shared one."""
    if settings.worker_processes is not None:
        return settings.worker_processes
    return 0 if settings.redis_url else engine_processes()


def rate_policies(settings: Settings) -> dict[str, str]:
    """Rate limits by the names that routes use."""
    policies = {
        "default": settings.rate_limit,
        "batch": settings.batch_rate_limit,
        "session": settings.session_rate_limit,
        "key": settings.key_rate_limit,
    }
    return {name: text for name, text in policies.items() if text.strip().lower() != "off"}


def _doors(settings: Settings, core: Core, events: EventFeed, rates: RateLimits) -> Doors:
    return Doors(
        submit=core.submit,
        cancel=core.cancel,
        erase=core.erase,
        hand_over=HandOver(core.files),
        store=core.store,
        line=core.line,
        files=core.files,
        feed=events,
        limits=core.limits,
        rates=rates,
        spool=open_scratch(settings.data_dir / "spool"),
        keys=ApiKeys(key.get_secret_value() for key in settings.api_keys),
        admissions=RedisAdmissions(core.client, int((core.limits.retention + SESSION_GRACE).total_seconds())),
        checks={
            "store": partial(store_writable, core.client),
            "files": FilesCheck(core.files),
            "disk": partial(disk_has_room, settings.data_dir, settings.min_free_disk_mb),
        },
        concerns={
            "workers": partial(workers_alive, core.watch),
            "queue": partial(queue_moves, core.watch, settings.recognition_timeout_s + _SLACK_S),
        },
        watch=core.watch,
        session_for=KeyedSessions(core.client),
        spent=partial(spent_by_all, core.client),
        socket_send_s=settings.socket_send_timeout_s,
        options=default_options(settings),
        cookie_secure=settings.cookie_secure,
        cookie_seconds=int(core.limits.retention.total_seconds()),
    )
