"""Rate limits that all web processes share, counted on Redis in a moving window."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.errors import SetupError
from app.models.quota import Quota
from app.services.redis_keys import PREFIX

_ANSWER_S = 1.0
_SKEW_S = 10.0
"""By so much the clocks of web processes may differ."""

_log = structlog.stdlib.get_logger(__name__)


class RedisRateLimits:
    """Policies by name, each in the notation of the `limits` library ("120/minute"); empty: no limit.

    While Redis is away every request passes: the limit protects the service from a crowd, and without its
    store the service refuses by itself. Give it a client without patience. SetupError: no such notation.
    """

    def __init__(self, client: Redis, policies: Mapping[str, str]) -> None:
        self._limits = {name: _parsed(name, text) for name, text in policies.items() if text.strip()}
        storage = RedisStorage(
            "async+redis://",  # only the pool counts
            implementation="redispy",
            key_prefix=f"{PREFIX}:limits",
            connection_pool=client.connection_pool,  # pyright: ignore[reportArgumentType]  (typed too narrowly)
        )
        self._limiter = MovingWindowRateLimiter(storage)

    async def hit(self, policy: str, client: str) -> Quota | None:
        """Counts one request of ``client``, if it is allowed. None: no limit, or nothing to count with."""
        limit = self._limits.get(policy)
        if limit is None:
            return None
        try:
            async with asyncio.timeout(_ANSWER_S):
                allowed, reset_at, remaining = await self._hit(limit, policy, client)
                if reset_at - time.time() > limit.get_expiry() + _SKEW_S:  # the clock was put back
                    await self._limiter.clear(limit, policy, client)
                    allowed, reset_at, remaining = await self._hit(limit, policy, client)
        except (RedisError, TimeoutError) as error:
            _log.warning("rate_limit_not_counted", policy=policy, reason=type(error).__name__)
            return None
        return Quota(
            policy=policy,
            limit=limit.amount,
            window_s=limit.get_expiry(),
            remaining=max(0, remaining) if allowed else 0,
            reset_s=max(0.0, reset_at - time.time()),
            allowed=allowed,
        )

    async def _hit(self, limit: RateLimitItem, policy: str, client: str) -> tuple[bool, float, int]:
        """Whether it is allowed, when the window is over, and how many requests are left in it."""
        allowed = await self._limiter.hit(limit, policy, client)
        reset_at, remaining = await self._limiter.get_window_stats(limit, policy, client)
        return allowed, reset_at, remaining


def _parsed(name: str, text: str) -> RateLimitItem:
    try:
        return parse(text)
    except ValueError as error:
        raise SetupError(
            f"{text!r} is no rate limit ({name}): write for example 120/minute or 5 per 10 seconds."
        ) from error
