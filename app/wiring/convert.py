"""Builds what the command line needs to convert images by itself; no store, no queue, no web framework."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from app.jobs.convert import ConvertImages
from app.jobs.job import JobOptions
from app.recognition.choice import choose_engine
from app.settings import Settings
from app.wiring.core import open_outputs
from app.wiring.engines import engine_processes, engine_threads, image_cutter, local_engine, olmocr_engine


@asynccontextmanager
async def open_converter(
    settings: Settings, options: JobOptions, images: int, overlay: Path | None
) -> AsyncGenerator[ConvertImages]:
    """Engines for ``images`` images side by side: a process a core for the local one, requests for olmOCR.

    InvalidRequest: olmOCR is asked for and has no key.
    """
    side_by_side = max(1, min(images, engine_processes()))
    async with AsyncExitStack() as stack:
        threads = engine_threads(side_by_side)
        locals_ = [local_engine(settings, overlay, threads=threads) for _ in range(side_by_side)]
        for local in locals_:
            stack.push_async_callback(local.close)
        olmocr = olmocr_engine(settings, local=locals_[0])
        if olmocr is not None:
            stack.push_async_callback(olmocr.close)
        engines = [choose_engine(options.engine, local=local, olmocr=olmocr) for local in locals_]
        yield ConvertImages(engines, open_outputs(), image_cutter(settings), options)
