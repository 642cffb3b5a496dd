"""The store and the workers that one machine needs, brought along by whoever serves the web.

Web processes that share a data folder elect a leader by a file lock. The leader runs the embedded server and
the workers and starts again what dies; the others wait until the server answers, and one of them takes over
when the leader is gone. The leader's children die with it, so nothing is ever run twice or left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from app.errors import SetupError
from app.services.embedded_redis import EmbeddedRedis
from app.services.folder_lock import FolderLock
from app.services.redis_service import connect, is_ready
from app.services.supervision import keep_running
from app.services.worker_process import WorkerProcess

WORKER = (sys.executable, "-m", "app.worker")
_LEADER_S = 90.0
_LOOK_S = 0.2
_EXCLUSIVE_S = 1.0

_log = structlog.stdlib.get_logger(__name__)


class LocalStack:
    """An async context manager: inside it there is a server at `redis_url`, and ``workers`` run.

    ``redis_url`` given: that server is used and only the workers are ours. ``env``: the environment of the
    workers, to which REDIS_URL and DATA_DIR are added. ``exclusive``: a data folder in use is an error
    instead of company. SetupError on entering says what to mend.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        workers: int,
        env: Mapping[str, str],
        redis_url: str | None = None,
        exclusive: bool = False,
        command: Sequence[str] = WORKER,
    ) -> None:
        self._data_dir = data_dir.absolute()
        self._server = None if redis_url else EmbeddedRedis(self._data_dir)
        self._given_url = redis_url
        self._env = env
        self._command = command
        self._workers = workers
        self._exclusive = exclusive
        self._lock = FolderLock(self._data_dir / "stack.lock")
        self._folder_lost = False
        self._ready = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def redis_url(self) -> str:
        """Of the server, ours or the given one."""
        return self._given_url or EmbeddedRedis(self._data_dir).url

    async def __aenter__(self) -> Self:
        try:
            self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._exclusive and not await self._lock.acquire(_EXCLUSIVE_S):
                raise SetupError(
                    f"Another server uses {self._data_dir}. Stop it, or give this one its own DATA_DIR.",
                    code="data_dir_in_use",
                )
            self._lock.try_acquire()  # finds a folder that cannot be used before anything runs
        except OSError as error:
            raise SetupError(
                f"{self._data_dir} cannot be used for data ({error.strerror}). "
                "Point DATA_DIR to a folder that the server's user may write."
            ) from error
        self._running = asyncio.create_task(self._run(), name="local stack")
        async with contextlib.AsyncExitStack() as undo:
            undo.push_async_callback(_end, [self._running])
            await self._until_ready(self._running)
            undo.pop_all()
        self._running.add_done_callback(_report)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._running:
            await _end([self._running])

    async def _until_ready(self, running: asyncio.Task[None]) -> None:
        ready = asyncio.create_task(self._ready.wait())
        try:
            await asyncio.wait({ready, running}, timeout=_LEADER_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end([ready])
        if running.done():
            await running
        if not self._ready.is_set():
            raise SetupError(
                f"Another process leads in {self._data_dir}, but its server does not answer. "
                "Stop all servers that use this DATA_DIR and start again."
            )

    async def _run(self) -> None:
        try:
            while True:
                if self._is_ours():
                    await self._lead_or_tell()
                elif not self._ready.is_set() and await self._answers():
                    self._ready.set()
                await asyncio.sleep(_LOOK_S)
        finally:
            self._lock.release()

    def _is_ours(self) -> bool:
        try:
            return self._lock.try_acquire()
        except OSError as error:  # what the others do goes on, and the folder may come back
            if not self._folder_lost:
                _log.error("DATA_DIR was moved or removed", folder=str(self._data_dir), reason=str(error))
            self._folder_lost = True
            return False

    async def _lead_or_tell(self) -> None:
        try:
            await self._lead()
        except SetupError as error:
            if not self._ready.is_set():
                raise  # nobody here was served yet: the entry fails
            _log.error("the embedded server cannot be taken over; trying again", reason=error.message)

    async def _lead(self) -> None:
        if self._server:
            await self._server.start()
        self._ready.set()
        _log.info("local stack runs", embedded_server=self._server is not None, workers=self._workers)
        async with asyncio.TaskGroup() as servers:
            if self._server:
                servers.create_task(keep_running("server", self._server, started=True))
            async with asyncio.TaskGroup() as workers:  # ends first: a server's clients before the server
                for number in range(self._workers):
                    workers.create_task(keep_running(f"worker {number}", self._worker()))
                await asyncio.Event().wait()

    def _worker(self) -> WorkerProcess:
        env = {**self._env, "REDIS_URL": self.redis_url, "DATA_DIR": str(self._data_dir)}
        return WorkerProcess(self._command, env)

    async def _answers(self) -> bool:
        if not self._server:
            return True
        async with connect(self.redis_url, max_connections=1, patience=0) as probe:
            return await is_ready(probe)


async def _end(tasks: Sequence[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _report(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.critical("the local stack died", exc_info=error)
