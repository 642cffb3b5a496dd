"""The limits and rests of one olmOCR provider, kept on Redis for all worker processes together."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from redis.asyncio import Redis

from app.errors import EngineUnavailable, Unavailable
from app.jobs.endings import end
from app.recognition.spending import Spending
from app.services import redis_keys
from app.services.olmocr_provider import Shares
from app.services.redis_service import translate_errors

LEASE_S = 15.0
"""The turn of a process that died is free again after so long."""
_LOOK_S = 0.25
"""Longest wait before a turn is asked for again: those who end theirs ring nobody."""

_TURN = """
-- slots, sent, pause, tripped, trial | token, concurrency, lease, per minute, minute, rest (all ms), request
-- {'turn'} or {'wait', ms} or {'rest', reason} or, while another request tries it, {'trial', reason}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local token, lease = ARGV[1], tonumber(ARGV[3])

-- A clock put back leaves times that lie too far ahead, and keys that would last too long.
local function not_after(key, latest)
  for _, late in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. latest, '+inf')) do
    redis.call('ZADD', key, latest, late)
  end
end
local function left(key)
  local lasts = tonumber(string.match(redis.call('GET', key) or '0', '^%d+'))
  local ms = redis.call('PTTL', key)
  if ms > lasts then redis.call('PEXPIRE', key, lasts) end
  return math.min(ms, lasts)
end

not_after(KEYS[1], now + lease)
not_after(KEYS[2], now)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[5])
local reason = redis.call('GET', KEYS[4])
local mine = ARGV[6] .. ' ' .. ARGV[7]
local trial = redis.call('GET', KEYS[5])
if reason and left(KEYS[5]) > 0 and trial ~= mine then
  return {string.find(trial, ' ') and 'trial' or 'rest', reason}
end
local pause = left(KEYS[3])
if pause > 0 then return {'wait', pause} end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return {'wait', lease} end
local most = tonumber(ARGV[4])
if most > 0 and redis.call('ZCARD', KEYS[2]) >= most then
  return {'wait', redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] + ARGV[5] - now}
end
redis.call('ZADD', KEYS[1], now + lease, token)
redis.call('PEXPIRE', KEYS[1], 2 * lease)
if most > 0 then
  redis.call('ZADD', KEYS[2], now, token)
  redis.call('PEXPIRE', KEYS[2], 2 * ARGV[5])
end
if reason then redis.call('SET', KEYS[5], mine, 'PX', ARGV[6]) end
return {'turn', ''}
"""
_RENEW = """
-- slots | token, lease
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], 'XX', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], 2 * ARGV[2])
"""
_SERVED = """
-- tripped, trial, spent | requests, prompt tokens, completion tokens, price
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HINCRBY', KEYS[3], 'requests', ARGV[1])
redis.call('HINCRBY', KEYS[3], 'prompt_tokens', ARGV[2])
redis.call('HINCRBY', KEYS[3], 'completion_tokens', ARGV[3])
if ARGV[4] ~= '' then redis.call('HINCRBYFLOAT', KEYS[3], 'price', ARGV[4]) end
"""
log = structlog.get_logger()


class SharedProvider:
    """Provider for all processes on one Redis. While Redis is away nobody gets a turn.

    ``name``: see `provider_name`. ``lease_s``: after so long the turn of a killed process is free.
    """

    def __init__(self, client: Redis, name: str, shares: Shares, *, lease_s: float = LEASE_S) -> None:
        self._client = client
        self._shares = shares
        self._lease_s = lease_s
        self._process = secrets.token_hex(8)
        parts = ("slots", "sent", "pause", "tripped", "trial")
        self._keys = {part: redis_keys.provider(name, part) for part in parts}
        self._scripts: dict[str, Callable[..., Awaitable[Any]]] = {}

    @asynccontextmanager
    async def turn(self, request: object) -> AsyncGenerator[None]:
        token = secrets.token_hex(8)
        try:
            await self._take(token, f"{self._process} {id(request)}")
            renewing = asyncio.create_task(self._renew(token))
            try:
                yield
            finally:
                await end(renewing)
        finally:
            with suppress(Unavailable), translate_errors():  # its lease will end
                await self._client.zrem(self._keys["slots"], token)

    async def pause(self, seconds: float) -> None:
        if seconds > 0:
            await self._set("pause", str(_ms(seconds)), seconds)

    async def rest(self, failure: EngineUnavailable) -> None:
        reason = json.dumps([failure.message, failure.code])
        await self._set("tripped", reason, 100 * self._shares.rest_s)
        await self._set("trial", str(_ms(self._shares.rest_s)), self._shares.rest_s)

    async def served(self, spending: Spending) -> None:
        keys = [self._keys["tripped"], self._keys["trial"], redis_keys.spent()]
        price = "" if spending.price is None else repr(spending.price)
        counts = (spending.requests, spending.prompt_tokens, spending.completion_tokens, price)
        with suppress(Unavailable):
            await self._run(_SERVED, keys, counts)

    async def _take(self, token: str, request: str) -> None:
        shares = self._shares
        times = (_ms(shares.minute_s), _ms(shares.rest_s))
        arguments = (token, shares.concurrency, _ms(self._lease_s), shares.per_minute or 0, *times, request)
        patience = time.monotonic() + shares.rest_s
        while True:
            verdict, told = "wait", "1000"
            with suppress(Unavailable):
                verdict, told = await self._run(_TURN, list(self._keys.values()), arguments)
            if verdict == "turn":
                return
            if verdict == "rest" or (verdict == "trial" and time.monotonic() >= patience):
                message, code = json.loads(told)
                raise EngineUnavailable(message, code=code)
            known = float(told) / 1000 if verdict == "wait" else _LOOK_S
            await asyncio.sleep(min(_LOOK_S, max(0.01, known)))

    async def _renew(self, token: str) -> None:
        while True:
            await asyncio.sleep(self._lease_s / 3)
            with suppress(Unavailable):
                await self._run(_RENEW, [self._keys["slots"]], (token, _ms(self._lease_s)))

    async def _set(self, part: str, value: str, seconds: float) -> None:
        with suppress(Unavailable), translate_errors():
            await self._client.set(self._keys[part], value, px=_ms(seconds))

    async def _run(self, script: str, keys: list[str], arguments: tuple[object, ...]) -> Any:
        if script not in self._scripts:
            self._scripts[script] = self._client.register_script(script)
        with translate_errors():
            return await self._scripts[script](keys=keys, args=arguments)


async def spent_by_all(client: Redis) -> Spending:
    """Since this store was begun. Unavailable."""
    with translate_errors():
        told = await client.hgetall(redis_keys.spent())
    return Spending(
        requests=int(told.get("requests", 0)),
        prompt_tokens=int(told.get("prompt_tokens", 0)),
        completion_tokens=int(told.get("completion_tokens", 0)),
        price=float(told["price"]) if "price" in told else None,
    )


def _ms(seconds: float) -> int:
    return max(1, round(1000 * seconds))
