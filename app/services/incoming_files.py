"""Files on their way into a local folder: locked while somebody writes them, swept when he is dead."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_ABANDONED_S = 60.0
"""A put that died leaves its file unlocked; one that has just begun may not have locked its own yet."""


@contextmanager
def written(path: Path, content: bytes | Path) -> Generator[None]:
    """A file at ``path`` that is on the disk, whole; locked in the block, so that a sweep leaves it alone."""
    if isinstance(content, Path):
        with _locked(content) as file:  # before a sweep can see it: it may look old, and so abandoned
            if _linked(content, path):
                os.fsync(file)
                yield
                return
    with _locked(path, os.O_CREAT | os.O_EXCL) as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            with content.open("rb") as source:
                shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file)
        yield


@contextmanager
def _locked(path: Path, flags: int = 0) -> Generator[BinaryIO]:
    with open(os.open(path, os.O_RDWR | os.O_CLOEXEC | flags, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.fchmod(file.fileno(), 0o600)
        yield file


def _linked(path: Path, other: Path) -> bool:
    try:
        os.link(path, other)
    except OSError:  # another disk, or no hard links here
        return False
    return True


def sweep_incoming(incoming: Path) -> None:
    """Erases what puts left that died half-way: files that nobody locks."""
    for path in incoming.iterdir():
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            if path.stat().st_mtime < time.time() - _ABANDONED_S:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
