"""Folders for request bodies on their way in."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread

_STALE_S = 6 * 3600


@asynccontextmanager
async def spool_folder(root: Path) -> AsyncGenerator[Path]:
    """An empty folder of our own below ``root``, gone afterwards with all that it holds."""
    folder = await anyio.to_thread.run_sync(_make, root)
    try:
        yield folder
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True))


def clear_stale(root: Path) -> None:
    """Removes what killed processes left behind more than six hours ago."""
    if not root.is_dir():
        return
    for folder in root.iterdir():
        if folder.is_dir() and time.time() - folder.stat().st_mtime > _STALE_S:
            shutil.rmtree(folder, ignore_errors=True)


def _make(root: Path) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="body-", dir=root))
