"""A real Valkey (or Redis) server as our child: data in a folder of ours, reached by a unix socket alone."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import shutil
import signal
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from app.errors import SetupError
from app.services.child_process import ChildProcess, spawn
from app.services.folder_lock import FolderLock
from app.services.redis_service import connect, is_ready
from app.services.server_binary import server_binary
from app.services.socket_path import socket_path

_START_S = 60.0
_STOP_S = 15.0
_PAUSE_S = 0.01
_LEAST_FREE = 64 * 1024
"""Bytes of disk without which the server cannot even begin its file."""

# Every write is in the append-only file before it is answered (a killed server loses none) and on the disk
# within a second. Nothing is ever evicted: what is in there is the truth about accepted work.
_SETTINGS = (
    *("--port", "0"),
    *("--unixsocketperm", "700"),
    *("--appendonly", "yes"),
    *("--appendfsync", "everysec"),
    *("--save", ""),
    *("--maxmemory-policy", "noeviction"),
    *("--daemonize", "no"),
)


class EmbeddedRedis:
    """The server of one data folder. An async context manager; `start` again after it has died.

    ``patience``: seconds for which a predecessor on the same folder may still be writing.
    """

    def __init__(self, data_dir: Path, *, patience: float = 15.0) -> None:
        self._patience = patience
        self._folder = data_dir.absolute() / "redis"
        self._child: ChildProcess | None = None
        self._served: tuple[int, int] | None = None  # the folder that the server was started in

    @property
    def url(self) -> str:
        """For clients of this user on this machine; the same after every restart."""
        return f"unix://{quote(str(socket_path(self._folder)))}?db=0"

    @property
    def pid(self) -> int | None:
        """Of the server, None before `start`."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """Returns when it answers, with all data of its predecessor. SetupError says what to mend."""
        lock = FolderLock(self._folder / "server.lock")
        try:
            self._open_folder()
            await self._take(lock)
            self._child = await self._spawn(lock)
        except OSError as error:
            raise _unusable(self._folder, error) from error
        finally:
            lock.release()
        async with contextlib.AsyncExitStack() as undo:
            undo.push_async_callback(self._child.stop, 0)
            await self._until_answering(self._child)
            undo.pop_all()

    async def wait(self) -> int:
        """Waits until the server ends; its exit code."""
        if self._child is None:
            raise ValueError("not started")
        return await self._child.wait()

    async def stop(self) -> None:
        """Ends the server in order; its data is on the disk then."""
        if self._child is not None:
            await self._child.stop(_STOP_S)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _open_folder(self) -> None:
        """Made once; never again in the place of one with accepted work in it."""
        if self._served is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = self._folder.stat() if self._folder.exists() else None
        found = (status.st_dev, status.st_ino) if status else None
        if self._served not in (None, found):
            raise SetupError(
                f"{self._folder} was moved or removed while its server ran. Bring it back, or stop here."
            )
        self._served = found

    async def _take(self, lock: FolderLock) -> None:
        # The server inherits the lock, so it is free exactly when no server writes to this folder any more.
        if not await lock.acquire(self._patience):
            raise SetupError(
                f"Another server uses {self._folder}. Stop it, or give this one a DATA_DIR of its own.",
                code="data_dir_in_use",
            )

    async def _spawn(self, lock: FolderLock) -> ChildProcess:
        binary = await asyncio.to_thread(server_binary)
        with (self._folder / "server.log").open("wb") as log:
            return await spawn(
                [binary, "--unixsocket", str(socket_path(self._folder)), *_SETTINGS],
                cwd=self._folder,
                output=log,
                pass_fds=(lock.fileno(),),
                death_signal=signal.SIGTERM,
            )

    async def _until_answering(self, child: ChildProcess) -> None:
        probe = connect(self.url, max_connections=1, patience=0)
        with contextlib.suppress(TimeoutError):
            async with contextlib.aclosing(probe), asyncio.timeout(_START_S):
                while child.exit_code is None:
                    if await is_ready(probe):
                        return
                    await asyncio.sleep(_PAUSE_S)
        raise _failed(self._folder, child.exit_code)


def _failed(folder: Path, exit_code: int | None) -> SetupError:
    log = folder / "server.log"
    if shutil.disk_usage(folder).free < _LEAST_FREE:
        return _unusable(folder, OSError(errno.ENOSPC, "full"))
    lines = log.read_text("utf-8", "replace").splitlines() or ["it wrote nothing"]
    reason = lines[-1].rpartition("# ")[2]
    if exit_code is None:
        reason = f"it did not answer within {_START_S:g} s; last line: {reason}"
    if any("append only file" in line.lower() for line in lines[-5:]):
        reason += (
            f" The data in {folder / 'appendonlydir'} is damaged: repair a copy with "
            "`valkey-check-aof --fix` (or redis-check-aof), or move that folder away to start empty."
        )
    return SetupError(f"The embedded server could not start: {reason} Its log is {log}.")


def _unusable(folder: Path, error: OSError) -> SetupError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SetupError(f"The disk of {folder} is full. Make room, or point DATA_DIR to another disk.")
    return SetupError(
        f"{folder} cannot be used for data ({error.strerror}). "
        "Point DATA_DIR to a folder that the server's user may write."
    )
