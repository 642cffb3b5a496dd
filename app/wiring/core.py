"""Builds what web and worker processes have in common."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields
from datetime import timedelta

from redis.asyncio import Redis

from app.jobs.cancel import CancelJob
from app.jobs.feed import Feed
from app.jobs.job import JobOptions
from app.jobs.limits import MIB, Limits
from app.jobs.output_ports import OutputWriter
from app.jobs.ports import FileStore, JobStore, Journal, TaskQueue
from app.jobs.retention import EraseJob
from app.jobs.submit import Submit
from app.jobs.waiting import WaitingLine
from app.jobs.watch import Watch
from app.services.append_only_file import AppendOnlyFile
from app.services.docket_queue import open_queue
from app.services.excel import ExcelWriter
from app.services.file_store import open_file_store
from app.services.job_store import RedisJobStore
from app.services.outputs import TableOutputs
from app.services.redis_service import connect, wait_until_ready
from app.services.trace_context import current_trace
from app.services.waiting_line import RedisWaitingLine
from app.services.watch import RedisWatch
from app.settings import Settings
from app.wiring.engines import known_engines, remote_engines
from app.workbook.options import WorkbookOptions

START_S = 30.0
SESSION_GRACE = timedelta(hours=1)
"""A session's events outlive its last job by this."""


@dataclass(frozen=True, slots=True)
class Core:
    """What web and worker processes have in common."""

    redis_url: str
    client: Redis
    limits: Limits
    store: JobStore
    line: WaitingLine
    files: FileStore
    queue: TaskQueue
    outputs: OutputWriter
    feed: Feed
    submit: Submit
    cancel: CancelJob
    erase: EraseJob
    journal: Journal
    watch: Watch


@asynccontextmanager
async def open_core(settings: Settings, redis_url: str) -> AsyncGenerator[Core]:
    """The core on the server at ``redis_url`` (the embedded one's, or REDIS_URL).

    SetupError: the server does not answer within half a minute, or a setting cannot be used.
    """
    async with AsyncExitStack() as stack:
        client = connect(redis_url)
        stack.push_async_callback(client.aclose)
        await wait_until_ready(client, START_S)
        queue = await stack.enter_async_context(open_queue(redis_url))
        yield _core(settings, redis_url, client, queue)


def _core(settings: Settings, redis_url: str, client: Redis, queue: TaskQueue) -> Core:
    outputs = open_outputs()
    limits = limits_of(settings, outputs)
    store = RedisJobStore(
        client,
        events_per_session=settings.events_per_session,
        session_ttl=limits.retention + SESSION_GRACE,
    )
    files = open_file_store(settings.data_dir / "files", settings.storage_url)
    line = RedisWaitingLine(client)
    feed = Feed(
        store,
        queue,
        line,
        remote=remote_engines(settings),
        remote_concurrency=settings.olmocr_concurrency,
    )
    journal = AppendOnlyFile(client)
    cancel = CancelJob(store, queue, feed, files)
    return Core(
        redis_url=redis_url,
        client=client,
        limits=limits,
        store=store,
        line=line,
        files=files,
        queue=queue,
        outputs=outputs,
        feed=feed,
        submit=Submit(store, files, line, feed, limits, current_trace),
        cancel=cancel,
        erase=EraseJob(store, files, cancel, journal),
        journal=journal,
        watch=RedisWatch(client, queue),
    )


def limits_of(settings: Settings, outputs: OutputWriter) -> Limits:
    """The limits of one batch in the units of the use cases."""
    return Limits(
        max_images=settings.max_batch_size,
        max_file_bytes=int(settings.max_file_size_mb * MIB),
        max_request_bytes=int(settings.max_request_mb * MIB),
        queue_limit=settings.queue_limit,
        retention=timedelta(hours=settings.file_retention_hours),
        engines=known_engines(settings),
        formats=outputs.formats,
        webhooks=settings.webhook_secret is not None,
        private_webhooks=settings.webhook_allow_private,
    )


def default_options(settings: Settings) -> JobOptions:
    """The options of a batch whose client names none."""
    names = (field.name for field in fields(WorkbookOptions))
    workbook = WorkbookOptions(**{name: getattr(settings, name) for name in names})
    return JobOptions(
        join_continued=settings.join_continued,
        zero_retention=settings.zero_retention,
        workbook=workbook,
    )


def open_outputs() -> OutputWriter:
    """Writes every output format."""
    return TableOutputs(ExcelWriter())
