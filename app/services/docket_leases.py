"""Leases that a clock put back has made too long.

How long a task was left alone is reckoned from when its worker last renewed its lease, by the store's wall
clock. While that clock stands before the renewal the task counts as just renewed: one whose worker dies then
would wait until the clock has caught up, an hour for an hour.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import cast

from docket import Docket
from redis.asyncio import Redis

from app.errors import Unavailable
from app.services.redis_service import translate_errors

_RENEW_AGAIN = """
-- stream, who sweeps | group, longest turn at the sweep in ms
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 10000)
if pending.err then return 0 end -- no worker was there yet
for _, task in ipairs(pending) do
  local id, worker, idle = task[1], task[2], task[3]
  if idle == 0 then redis.call('XCLAIM', KEYS[1], ARGV[1], worker, 0, id, 'IDLE', 0, 'JUSTID') end
end
if redis.call('PTTL', KEYS[2]) > tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
return 1
"""


async def keep_leases_short(docket: Docket, lease: timedelta) -> None:
    """For ever: leases renewed in the future count from now on, for the worker that holds them. One that was
    renewed this very moment is not changed by it. Waits out absences of the server."""
    longest_turn_ms = max(1, int(lease.total_seconds() * 1000))
    arguments = (docket.stream_key, docket.redelivery_sweep_key, docket.worker_group_name, longest_turn_ms)
    while True:
        with suppress(Unavailable), translate_errors():
            async with docket.redis() as redis:
                await cast("Redis", redis).eval(_RENEW_AGAIN, 2, *arguments)  # pyright: ignore[reportGeneralTypeIssues]
        await asyncio.sleep(lease.total_seconds() / 2)
