"""Appends to a session's stream as the store does (format: app.services.redis_keys)."""

from __future__ import annotations

from redis.asyncio import Redis

from app.services import redis_keys

_APPEND = """
local seq = redis.call('INCR', KEYS[2])
local id = redis.call('XADD', KEYS[1], '*', 'seq', seq, 'event', ARGV[1])
redis.call('PUBLISH', ARGV[2], id .. ' ' .. seq .. ' ' .. ARGV[1])
return id
"""


async def append(client: Redis, session_id: str, number: int, padding: int = 0) -> str:
    """Appends one event that says its number; returns its id."""
    return await append_event(
        client, session_id, f'{{"type":"system","number":{number},"padding":"{"x" * padding}"}}'
    )


async def append_event(client: Redis, session_id: str, event: str) -> str:
    """Appends an event that is JSON already; returns its id."""
    stream, seq = redis_keys.session_events(session_id), redis_keys.session_seq(session_id)
    return await client.eval(_APPEND, 2, stream, seq, event, redis_keys.session_channel(session_id))


async def trim(client: Redis, session_id: str, left: int) -> None:
    """Drops the oldest entries."""
    await client.xtrim(redis_keys.session_events(session_id), maxlen=left, approximate=False)
