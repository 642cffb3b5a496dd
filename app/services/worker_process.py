"""A worker as a child process that can be started again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.errors import SetupError
from app.services.child_process import ChildProcess, spawn

_DRAIN_S = 20.0


class WorkerProcess:
    """``command`` with exactly the environment ``env``; it drains on SIGTERM."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._command = command
        self._env = env
        self._child: ChildProcess | None = None

    async def start(self) -> None:
        """SetupError: no process can be started."""
        try:
            self._child = await spawn(self._command, env=self._env)
        except OSError as error:
            raise SetupError(f"No worker can be started ({error.strerror}).") from error

    async def wait(self) -> int:
        """Its exit code."""
        if self._child is None:
            raise ValueError("not started")
        return await self._child.wait()

    async def stop(self) -> None:
        """Lets it finish what it does, for a while."""
        if self._child is not None:
            await self._child.stop(_DRAIN_S)
