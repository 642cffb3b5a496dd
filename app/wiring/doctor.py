"""Looks at every part of a deployment, one after the other, as the settings name them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

from redis.asyncio import Redis

from app.errors import EngineFailed, SetupError, Unavailable
from app.services.diagnosis import (
    Finding,
    Level,
    finding,
    memory_finding,
    port_finding,
    store_findings,
    workers_finding,
)
from app.services.docket_queue import open_queue
from app.services.embedded_redis import EmbeddedRedis
from app.services.file_store import open_file_store
from app.services.health import disk_has_room, files_writable, store_writable
from app.services.redis_service import connect, is_ready
from app.settings import Settings
from app.wiring.engines import ENGINE_BYTES, engine_processes, local_engine, olmocr_probed

_START_S = 1.0


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Findings as they come. Nothing is changed; without a running server our own is started for a moment."""
    async for found in _store(settings):
        yield found
    yield await _files(settings)
    room = await disk_has_room(settings.data_dir, settings.min_free_disk_mb)
    yield finding("disk", room, "there is room in DATA_DIR")
    cores = engine_processes()
    workers = settings.worker_processes
    if workers is None:
        workers = 0 if settings.redis_url else cores
    yield memory_finding(workers, ENGINE_BYTES, max(cores, 1))
    yield await _models(settings)
    yield await _olmocr(settings)
    yield port_finding(settings.host, settings.port)


async def _store(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with _reached(settings) as (client, url, running):
            for found in await store_findings(client, embedded=settings.redis_url is None):
                yield found
            yield finding("store writes", await store_writable(client), "a value comes back")
            if running:
                async with open_queue(url) as queue:
                    yield workers_finding(await queue.workers())
            else:
                yield workers_finding(0)
    except (SetupError, Unavailable) as error:
        yield Finding("store", Level.FAULT, error.message)


@asynccontextmanager
async def _reached(settings: Settings) -> AsyncGenerator[tuple[Redis, str, bool]]:
    """A client of the store, its address, and whether it ran before we came."""
    async with AsyncExitStack() as stack:
        given = settings.redis_url.get_secret_value() if settings.redis_url else None
        own = EmbeddedRedis(settings.data_dir, patience=_START_S)
        client = await stack.enter_async_context(aclosing(connect(given or own.url, patience=0)))
        running = await is_ready(client)
        if given and not running:
            raise SetupError("The server of REDIS_URL does not answer. Check the address and that it runs.")
        if not running:
            await stack.enter_async_context(own)
        yield client, given or own.url, running


async def _files(settings: Settings) -> Finding:
    try:
        files = open_file_store(settings.data_dir / "files", settings.storage_url)
    except SetupError as error:
        return Finding("files", Level.FAULT, error.message)
    return finding("files", await files_writable(files), "a file was written, read and erased")


async def _models(settings: Settings) -> Finding:
    engine = local_engine(settings)
    try:
        await engine.start()
    except EngineFailed as failure:
        return Finding("local engine", Level.FAULT, failure.message)
    finally:
        await engine.close()
    return Finding("local engine", Level.OK, "its models load")


async def _olmocr(settings: Settings) -> Finding:
    told = await olmocr_probed(settings)
    if told is None:
        return Finding("olmOCR", Level.OK, "no OLMOCR_API_KEY; the local engine reads everything")
    return Finding("olmOCR", Level.OK if told.usable else Level.FAULT, told.sentence)
