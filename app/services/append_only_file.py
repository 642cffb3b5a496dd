"""The append-only file of the Redis-protocol server: it keeps every change, what was erased too, until it is
rewritten. By itself the server does that only when the file has grown much; we ask for it after erasing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from app.errors import Unavailable
from app.services import redis_keys
from app.services.redis_service import translate_errors

_SHARE = 20
"""Rewriting may take one part in so many of the time."""
_LEAST_PAUSE_S = 20
log = structlog.stdlib.get_logger(__name__)


class AppendOnlyFile:
    """The Journal of a Redis-protocol server. A server without such a file, or one that lets us not rewrite
    it, is left alone."""

    def __init__(self, client: Redis) -> None:
        self._redis = client
        self._command: Callable[..., Awaitable[Any]] = client.execute_command  # pyright: ignore[reportUnknownMemberType]

    async def forget(self) -> bool:
        try:
            with translate_errors():
                return bool(await self._redis.get(redis_keys.erased())) and await self._rewrite()
        except Unavailable:
            return False
        except ResponseError as refusal:
            log.warning("the store does not rewrite its append-only file", reason=str(refusal))
            return False

    async def _rewrite(self) -> bool:
        about: dict[str, Any] = await self._command("INFO", "persistence")
        if about.get("aof_rewrite_in_progress") or not about.get("aof_enabled"):
            return False
        pause = max(_LEAST_PAUSE_S, _SHARE * int(about.get("aof_last_rewrite_time_sec", 0)))
        if not await self._redis.set(redis_keys.turn("rewrite"), "1", nx=True, ex=pause):
            return False
        await self._redis.delete(redis_keys.erased())  # before: what is erased meanwhile needs another turn
        try:
            await self._command("BGREWRITEAOF")
        except ResponseError:
            await self._redis.set(redis_keys.erased(), "1")
            raise
        return True
