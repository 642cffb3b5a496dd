"""A redis-server as an administrator runs it: over TCP, behind a password."""

from __future__ import annotations

import asyncio
import shutil
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
