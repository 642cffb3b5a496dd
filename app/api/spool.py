"""Folders for request bodies on their way in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread


@asynccontextmanager
async def spool_folder(root: Path) -> AsyncGenerator[Path]:
    """An empty folder of our own below ``root``, gone afterwards with all that it holds."""
    folder = await anyio.to_thread.run_sync(_make, root)
    try:
        yield folder
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True))


def _make(root: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix="body-", dir=root))
