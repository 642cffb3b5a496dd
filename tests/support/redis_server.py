"""A redis-server as an administrator runs it: over TCP, behind a password."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from app.services.redis_service import connect, wait_until_ready

PASSWORD = "p@ss/word"  # signs that must be quoted in a URL


@asynccontextmanager
async def running_redis_server(folder: Path) -> AsyncIterator[str]:
    """Its URL while it runs. Skips the test where no redis-server is installed."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("redis-server is not installed (apt install redis-server)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD),
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


class DurableRedis:
    """A redis-server with an append-only file, that may be ended and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        """Returns when it has loaded its data."""
        self._process = await asyncio.create_subprocess_exec(
            *(installed("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction"),
            cwd=self._folder,
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
