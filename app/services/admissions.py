"""Which API key a session was begun with, on Redis."""

from __future__ import annotations

from redis.asyncio import Redis

from app.services import redis_keys
from app.services.redis_service import translate_errors


class RedisAdmissions:
    """Kept for ``seconds`` after the last request that named the session."""

    def __init__(self, client: Redis, seconds: int) -> None:
        self._redis = client
        self._seconds = seconds

    async def admit(self, session_id: str, key: str) -> bool:
        """False: the session was begun with another key."""
        name = redis_keys.session_key(session_id)
        with translate_errors():
            await self._redis.set(name, key, nx=True)
            await self._redis.expire(name, self._seconds)
        return await self.key_of(session_id) == key

    async def key_of(self, session_id: str) -> str | None:
        """None: it was not begun with a key."""
        with translate_errors():
            found = await self._redis.get(redis_keys.session_key(session_id))
        return None if found is None else str(found)
