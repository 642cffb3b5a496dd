"""Jobs whose end is still to be told by webhook, on Redis. FINISH and DELETE of the job store put them in."""

from __future__ import annotations

import json
from typing import Any

from redis.asyncio import Redis

from app.jobs.webhooks import Delivery
from app.models.websocket import JobError
from app.services import redis_keys
from app.services.redis_service import translate_errors

_AT_ONCE = 8
_CLAIM = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local claimed = {}
for _, job_id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])) do
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]), job_id)
  table.insert(claimed, job_id)
  table.insert(claimed, redis.call('HINCRBY', KEYS[2], job_id, 1))
end
return claimed
"""
_POSTPONE = """
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], 'XX', tonumber(time[1]) + tonumber(ARGV[2]), ARGV[1])
"""
_SETTLE = """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('DEL', ARGV[4])
if redis.call('EXISTS', ARGV[3]) == 1 then redis.call('HSET', ARGV[3], 'webhook', ARGV[2]) end
"""


class RedisWebhookOutbox:
    """WebhookOutbox on a Redis-protocol server; see `app.jobs.webhooks.WebhookOutbox` for the contract."""

    def __init__(self, client: Redis) -> None:
        self._redis = client
        self._claim, self._postpone, self._settle = (
            client.register_script(script) for script in (_CLAIM, _POSTPONE, _SETTLE)
        )

    async def claim(self, seconds: float) -> list[tuple[str, int]]:
        found = await self._run(self._claim, seconds, _AT_ONCE)
        return [(str(job_id), int(number)) for job_id, number in zip(found[::2], found[1::2], strict=True)]

    async def last_word(self, job_id: str) -> tuple[str, JobError] | None:
        with translate_errors():
            found = await self._redis.get(redis_keys.webhook_last_word(job_id))
        if not found:
            return None
        url, event = json.loads(found)
        return url, JobError.model_validate_json(event)

    async def settle(self, job_id: str, delivery: Delivery) -> None:
        ending = "delivered" if delivery is Delivery.DELIVERED else "failed"
        await self._run(
            self._settle, job_id, ending, redis_keys.job(job_id), redis_keys.webhook_last_word(job_id)
        )

    async def postpone(self, job_id: str, seconds: float) -> None:
        await self._run(self._postpone, job_id, seconds)

    async def _run(self, script: Any, *arguments: str | float) -> Any:
        with translate_errors():
            return await script(
                keys=[redis_keys.webhooks_due(), redis_keys.webhook_attempts()], args=arguments
            )
