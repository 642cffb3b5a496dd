"""Folders for files that are needed for a moment."""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from app.services.folder_lock import FolderLock

_LOCK = ".lock"


def open_scratch(root: Path) -> Path:
    """An empty folder below ``root`` for this process, as long as it lives; what dead processes left in
    theirs is erased. OSError: there is no place."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in root.iterdir():
        _erase_if_dead(folder)
    while True:
        folder = root / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        with suppress(FileNotFoundError):  # another process took it for a dead one's and erased it
            if FolderLock(folder / _LOCK).try_acquire():  # held until the process ends, whichever way
                return folder


def _erase_if_dead(folder: Path) -> None:
    lock = FolderLock(folder / _LOCK)
    with suppress(FileNotFoundError, NotADirectoryError):
        if lock.try_acquire():
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()
