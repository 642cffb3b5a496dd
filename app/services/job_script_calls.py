"""Calls of the job store's Lua, which all get the same keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis

from app.services import redis_keys
from app.services.redis_service import translate_errors


class JobScripts:
    """Runs a script for one job of one session ("": the script needs none)."""

    def __init__(self, client: Redis, events_per_session: int, session_ttl_s: int) -> None:
        self._redis = client
        self._settings = (events_per_session, session_ttl_s)
        self._known: dict[str, Callable[..., Awaitable[Any]]] = {}

    async def __call__(self, script: str, job_id: str, session_id: str, *arguments: str | float) -> Any:
        if script not in self._known:
            self._known[script] = self._redis.register_script(script)
        own = (redis_keys.session_channel(session_id), *self._settings)
        with translate_errors():
            return await self._known[script](keys=_keys(job_id, session_id), args=[*own, *arguments])


def _keys(job_id: str, session_id: str) -> list[str]:
    """In the order of the scripts' prelude."""
    return [
        redis_keys.job(job_id),
        redis_keys.outcomes(job_id),
        redis_keys.fractions(job_id),
        redis_keys.attempts(job_id),
        redis_keys.session_events(session_id),
        redis_keys.session_seq(session_id),
        redis_keys.session_jobs(session_id),
        redis_keys.session_open_jobs(session_id),
        redis_keys.open_jobs(),
        redis_keys.expiries(),
        redis_keys.waiting_images(),
        redis_keys.tombstone(job_id),
        redis_keys.queued_jobs(),
        redis_keys.pending_images(),
        redis_keys.pace(),
        redis_keys.webhooks_due(),
        redis_keys.webhook_attempts(),
        redis_keys.recognized(""),
        redis_keys.totals(),
    ]
