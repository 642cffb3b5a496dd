"""Folders for files that are needed for a moment."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from app.services.folder_lock import FolderLock

_LOCK = ".lock"
_SWEEP_S = 30.0


def open_scratch(root: Path) -> Path:
    """An empty folder below ``root`` for this process, as long as it lives; what dead processes left in
    theirs is erased. OSError: there is no place."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(root)
    while True:
        folder = root / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        with suppress(FileNotFoundError):  # another process took it for a dead one's and erased it
            if FolderLock(folder / _LOCK).try_acquire():  # held until the process ends, whichever way
                return folder


def sweep(root: Path) -> None:
    """Erases what dead processes left below ``root``. OSError: it cannot be looked through."""
    for folder in root.iterdir():
        _erase_if_dead(folder)


async def keep_swept(root: Path, every_s: float = _SWEEP_S) -> None:
    """For ever: what is left by others that die must not wait for a start."""
    while True:
        await asyncio.sleep(every_s)
        with suppress(OSError):  # the folder may be away for a while
            await asyncio.to_thread(sweep, root)


def _erase_if_dead(folder: Path) -> None:
    lock = FolderLock(folder / _LOCK)
    with suppress(FileNotFoundError, NotADirectoryError):
        if lock.try_acquire():
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()
