"""Sessions of clients that know none yet: derived from what they can repeat, unguessable for all others."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from redis.asyncio import Redis

from app.services import redis_keys
from app.services.redis_service import translate_errors


class KeyedSessions:
    """Gives the same client and idempotency key the same session in every web process of the deployment."""

    def __init__(self, client: Redis) -> None:
        self._redis = client
        self._secret: bytes | None = None

    async def __call__(self, client: str, key: str) -> str:
        """``client``: its address; ``key``: its Idempotency-Key. Unavailable: the store is away."""
        secret = self._secret or await self._shared_secret()
        message = f"{client}\n{key}".encode()
        return hmac.new(secret, message, hashlib.sha256).hexdigest()[:32]

    async def _shared_secret(self) -> bytes:
        with translate_errors():
            await self._redis.set(redis_keys.secret(), secrets.token_hex(32), nx=True)
            found = await self._redis.get(redis_keys.secret())
        self._secret = str(found).encode()
        return self._secret
