"""Who waits, where, and for how long, on Redis."""

from __future__ import annotations

from redis.asyncio import Redis

from app.jobs.job import Job
from app.jobs.waiting import Outlook, Turn
from app.services.job_script_calls import JobScripts
from app.services.job_script_parts import OUTLOOK, PRELUDE

_OUTLOOK = (
    PRELUDE
    + OUTLOOK
    + """
-- place in the queue and seconds left, '' where there is none
if not is_open() then return {'', ''} end
local position, seconds = outlook()
return {position and tostring(position) or '', seconds and tostring(seconds) or ''}
"""
)

_PACE = (
    PRELUDE
    + OUTLOOK
    + """
-- seconds from one outcome to the next, '' where nothing is measured
local each = seconds_per_image()
return each and tostring(each) or ''
"""
)

_TURN = (
    PRELUDE
    + """
-- rank among the open jobs of the session, and their number
return {redis.call('ZRANK', session_open, job_id) or 0, math.max(1, redis.call('ZCARD', session_open))}
"""
)

_OPEN_OF_SESSION = (
    PRELUDE
    + """
-- 4 first rank, 5 last rank
return redis.call('ZRANGE', session_open, ARGV[4], ARGV[5])
"""
)


class RedisWaitingLine:
    """WaitingLine on a Redis-protocol server; see `app.jobs.waiting.WaitingLine` for the contract."""

    def __init__(self, client: Redis) -> None:
        self._run = JobScripts(client, 0, 0)

    async def outlook(self, job_id: str) -> Outlook:
        position, seconds = await self._run(_OUTLOOK, job_id, "")
        return Outlook(int(position) if position else None, round(float(seconds), 1) if seconds else None)

    async def seconds_per_image(self) -> float | None:
        each = await self._run(_PACE, "", "")
        return float(each) if each else None

    async def turn(self, job: Job) -> Turn:
        rank, jobs = await self._run(_TURN, job.job_id, job.session_id)
        return Turn(int(rank), int(jobs))

    async def open_of_session(self, session_id: str, first: int, last: int) -> list[str]:
        return list(await self._run(_OPEN_OF_SESSION, "", session_id, first, last))
