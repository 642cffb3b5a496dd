"""A lock that the kernel frees when the last process that holds it is gone, however it ended."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from pathlib import Path

_PAUSE_S = 0.05


class FolderLock:
    """flock(2) on a file. A child that inherits `fileno` holds the same lock, also after we `release` it.

    OSError: the file cannot be opened, or its file system knows no locks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def fileno(self) -> int:
        """ValueError when the lock is not held."""
        if self._file is None:
            raise ValueError("the lock is not held")
        return self._file

    def try_acquire(self) -> bool:
        """Whether the lock is ours now."""
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        except OSError:
            os.close(file)
            raise
        self._file = file
        return True

    async def acquire(self, seconds: float) -> bool:
        """Waits for the lock; False when somebody still holds it after ``seconds``."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.try_acquire():  # noqa: ASYNC110  (a blocking flock cannot be cancelled)
                    await asyncio.sleep(_PAUSE_S)
                return True
        return self.try_acquire()

    def release(self) -> None:
        """Gives the lock back; does nothing when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
