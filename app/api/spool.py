"""Folders for request bodies on their way in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
import structlog

from app.errors import Unavailable

log = structlog.get_logger()


@asynccontextmanager
async def spool_folder(root: Path) -> AsyncGenerator[Path]:
    """An empty folder of our own below ``root``, gone afterwards with all that it holds.

    Unavailable: the disk is full, or ``root`` is gone (it is not made anew: DATA_DIR may have been moved)."""
    try:
        folder = Path(await anyio.to_thread.run_sync(lambda: tempfile.mkdtemp(prefix="body-", dir=root)))
        try:
            yield folder
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True))
    except OSError as error:
        log.error("request bodies cannot be kept", folder=str(root), reason=error.strerror)
        raise Unavailable(
            "The server has no room for the images at the moment. Try again later.", retry_after=60.0
        ) from error
