"""Whether the parts that we need do their work: each check gives None, or why not in a
public sentence."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import time
from pathlib import Path

from redis.asyncio import Redis

from app.errors import Expired, NotFound, Unavailable
from app.jobs.ports import FileStore
from app.jobs.watch import Standing, Watch
from app.services import redis_keys
from app.services.redis_service import translate_errors

PROBES = "probes/"
"""Where files are kept for a moment, to see whether they can be."""
_LOOK_S = 15.0
"""A write and a read of the file storage may cost money; what it told holds so long."""
_MIB = 1024 * 1024


async def store_writable(client: Redis) -> str | None:
    """Writes and reads a value."""
    word = secrets.token_hex(4)
    try:
        with translate_errors():
            await client.set(redis_keys.probe(), word, ex=60)
            await client.get(redis_keys.probe())
    except Unavailable as trouble:
        return f"The store takes no writes: {type(trouble.__cause__).__name__}."
    return None


async def files_writable(files: FileStore) -> str | None:
    """Writes, reads and erases a small file."""
    key, content = PROBES + secrets.token_hex(8), secrets.token_bytes(16)
    try:
        await files.put(key, content)
        same = await files.get(key) == content
        await files.delete_prefix(key)
    except Unavailable as trouble:
        return trouble.message
    except (NotFound, Expired):
        same = False
    return None if same else "The file storage loses what is written to it."


class FilesCheck:
    """`files_writable`, not more often than its cost allows."""

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self._told: str | None = None
        self._until = 0.0
        self._turn = asyncio.Lock()

    async def __call__(self) -> str | None:
        async with self._turn:
            if time.monotonic() > self._until:
                self._told = await files_writable(self._files)
                self._until = time.monotonic() + _LOOK_S
            return self._told


async def disk_has_room(folder: Path, least_mb: int) -> str | None:
    """Whether so many MB (1024 * 1024 bytes) are free."""
    free = shutil.disk_usage(folder).free // _MIB
    return None if free >= least_mb else f"Only {free} MB of the disk are free; {least_mb} MB are asked for."


async def workers_alive(watch: Watch) -> str | None:
    """Whether any worker has told of itself."""
    if (await watch.standing()).workers:
        return None
    return "No worker is alive. Accepted images wait until one is; see `olmocr-backend worker`."


async def queue_moves(watch: Watch, patience_s: float) -> str | None:
    """Whether something comes of what waits."""
    standing: Standing = await watch.standing()
    if not standing.stuck(patience_s):
        return None
    return f"{standing.images_waiting} images wait, and none was done for {patience_s:g} s or longer."
