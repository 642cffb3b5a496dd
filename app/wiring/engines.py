"""Builds the engines that the settings ask for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import structlog
from redis.asyncio import Redis

from app.errors import EngineFailed, SetupError
from app.jobs.endings import end
from app.jobs.output_ports import ImageCutter
from app.recognition.choice import choose_engine, runs_remotely
from app.recognition.engine import DecodeLimits, Engine, EngineName
from app.recognition.local.options import LocalOptions
from app.services.image_cutter import ChildImageCutter
from app.services.local_engine import LocalEngine, local_recognizer
from app.services.olmocr import OlmOcrEngine
from app.services.olmocr_bands import BandRenderer
from app.services.olmocr_chat import ChatApi
from app.services.olmocr_cost import Prices
from app.services.olmocr_options import OlmOcrOptions
from app.services.olmocr_probe import Probed, probe
from app.services.olmocr_provider import OwnProvider, Shares, provider_name
from app.services.olmocr_render import ChildRenderer
from app.services.olmocr_shared import SharedProvider
from app.services.olmocr_upright import Straightener
from app.settings import Settings

log = structlog.get_logger()

ENGINE_BYTES = 2 * 2**30
"""Memory that a local engine's process may come to hold, with its worker (measured: 1.5 GB)."""


def known_engines(settings: Settings) -> frozenset[EngineName]:
    """What a client may ask for here."""
    engines = {EngineName.AUTO, EngineName.LOCAL}
    return frozenset(EngineName if settings.olmocr_api_key else engines)


def remote_engines(settings: Settings) -> frozenset[EngineName]:
    """Those whose work waits for the API; `auto` is what the setting ENGINE says."""
    configured = settings.olmocr_api_key is not None
    auto = (
        {EngineName.AUTO}
        if runs_remotely(settings.engine, olmocr_configured=configured)
        else set[EngineName]()
    )
    return frozenset({EngineName.OLMOCR} | auto if configured else set[EngineName]())


@asynccontextmanager
async def open_engines(
    settings: Settings, client: Redis | None = None
) -> AsyncGenerator[dict[EngineName, Engine]]:
    """The engines of one worker, by what a client may ask for. With ``client`` the limits of the olmOCR API
    hold for all workers of that store together. SetupError: ENGINE needs a key that is not there."""
    threads = engine_threads(settings.worker_processes or engine_processes())
    local = local_engine(settings, threads=threads)
    olmocr = olmocr_engine(settings, client, local)
    if settings.engine in (EngineName.OLMOCR, EngineName.BOTH) and olmocr is None:
        raise SetupError(
            f"ENGINE={settings.engine} needs OLMOCR_API_KEY. Set it, or use ENGINE=auto or local."
        )
    engines: dict[EngineName, Engine] = {
        EngineName.LOCAL: local,
        EngineName.AUTO: choose_engine(settings.engine, local=local, olmocr=olmocr),
    }
    if olmocr is not None:
        for name in (EngineName.OLMOCR, EngineName.BOTH):
            engines[name] = choose_engine(name, local=local, olmocr=olmocr)
    starting = [asyncio.create_task(_warm(local))]
    if olmocr is not None:
        starting.append(asyncio.create_task(olmocr.announce()))
    try:
        yield engines
    finally:
        await end(*starting)
        for engine in (local, olmocr):
            if engine is not None:
                await engine.close()


def engine_processes() -> int:
    """How many local engines this machine carries: one a core, as far as its memory goes."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(_cores(), memory // ENGINE_BYTES))


def engine_threads(processes: int) -> int:
    """Threads of each of ``processes`` local engines, so that together they have no more than a core each."""
    return max(1, _cores() // max(1, processes))


def local_engine(settings: Settings, overlay: Path | None = None, *, threads: int = 1) -> LocalEngine:
    """One process of the local engine; its models are loaded with its first image, or by `start`."""
    options = LocalOptions(
        limits=decode_limits(settings),
        decode_memory_mb=settings.decode_memory_mb,
        threads=threads,
        overlay=overlay,
    )
    return LocalEngine(partial(local_recognizer, options), timeout_s=settings.recognition_timeout_s)


def olmocr_engine(
    settings: Settings, client: Redis | None = None, local: LocalEngine | None = None
) -> OlmOcrEngine | None:
    """None without a key. ``local``: tells how pages lie, and where the rows of tables lie that are too long
    for one answer."""
    options = _olmocr_options(settings)
    if options is None:
        return None
    name = provider_name(options.base_url, options.api_key, options.model)
    render = ChildRenderer(decode_limits(settings), memory_mb=settings.decode_memory_mb)
    return OlmOcrEngine(
        options,
        render,
        SharedProvider(client, name, options.shares) if client else OwnProvider(options.shares),
        Straightener(render.whole, local) if local else None,
        BandRenderer(render.whole, local) if local else None,
    )


async def olmocr_probed(settings: Settings) -> Probed | None:
    """Whether the API would serve us; None without a key."""
    options = _olmocr_options(settings)
    if options is None:
        return None
    api = ChatApi(options)
    try:
        return await probe(api, options)
    finally:
        await api.close()


def _olmocr_options(settings: Settings) -> OlmOcrOptions | None:
    if settings.olmocr_api_key is None:
        return None
    prompt = settings.olmocr_prompt_file
    return OlmOcrOptions(
        settings.olmocr_api_key.get_secret_value(),
        settings.olmocr_base_url,
        settings.olmocr_model,
        prompt=_prompt(prompt) if prompt else None,
        shares=Shares(settings.olmocr_concurrency, settings.olmocr_requests_per_minute),
        prices=Prices(settings.olmocr_price_in, settings.olmocr_price_out),
        first_token_s=settings.olmocr_first_token_timeout_s,
        answer_s=settings.olmocr_timeout_s,
        image_s=settings.recognition_timeout_s,
    )


def image_cutter(settings: Settings) -> ImageCutter:
    """Cuts out of source images what workbooks show of them."""
    return ChildImageCutter(decode_limits(settings), memory_mb=settings.decode_memory_mb)


def decode_limits(settings: Settings) -> DecodeLimits:
    """What one image may cost to decode."""
    return DecodeLimits(max_megapixels=settings.max_image_megapixels, max_pages=settings.max_pages)


async def _warm(engine: LocalEngine) -> None:
    """The first image need not wait for the models; if they cannot be loaded it will be told why."""
    try:
        await engine.start()
    except EngineFailed as failure:
        log.error("the local engine does not start", reason=repr(failure.__cause__ or failure))


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _prompt(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise SetupError(f"OLMOCR_PROMPT_FILE {path} cannot be read: {error.strerror}.") from error
