"""Servers as an administrator runs them: over TCP, behind a password, or durable."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from app.services.redis_service import connect, wait_until_ready
from app.services.server_binary import server_binary
from tests.support.clock import JumpingClock

PASSWORD = "p@ss/word"  # signs that must be quoted in a URL


@asynccontextmanager
async def running_redis_server(folder: Path) -> AsyncIterator[str]:
    """Its URL while it runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(
            installed("redis-server"),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--requirepass",
            PASSWORD,
        ),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
    )
    url = f"redis://:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/3"
    try:
        async with aclosing(connect(url, patience=0)) as client:
            await wait_until_ready(client, 10)
        yield url
    finally:
        process.terminate()
        await process.wait()


class DurableValkey:
    """A valkey-server with an append-only file, that may be ended and started again on its port, and whose
    clock jumps (a redis-server cannot run under libfaketime: its memory allocator clashes with it)."""

    def __init__(self, folder: Path, clock: JumpingClock) -> None:
        self._folder = folder
        self._clock = clock
        self._process: asyncio.subprocess.Process | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        """Returns when it has loaded its data."""
        self._process = await asyncio.create_subprocess_exec(
            *(server_binary(), "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction"),
            cwd=self._folder,
            env=self._clock.environment,
            stdout=asyncio.subprocess.DEVNULL,
        )
        async with aclosing(connect(self.url, patience=0)) as client:
            await wait_until_ready(client, 30)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)
            await self._process.wait()


def installed(program: str) -> str:
    """Path of a program that the tests need. They fail where it is missing, and say how to get it."""
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    assert path, f"{program} is not installed: scripts/test_servers.sh installs what the tests need"
    return path
