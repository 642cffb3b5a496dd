"""The job store on Redis: the truth about jobs, changed by Lua scripts alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from redis.asyncio import Redis

from app.errors import Expired, InvalidRequest, NotFound
from app.jobs.job import Job, JobStatus, Outcome, ResultFile
from app.jobs.limits import queue_full
from app.models.websocket import Event
from app.services import job_scripts, redis_keys
from app.services.job_documents import from_fields, to_json
from app.services.job_script_calls import JobScripts
from app.services.redis_service import translate_errors

MARK_S = 7 * 24 * 3600
"""How long an expired job still answers 410 instead of 404."""
KEY_S = 24 * 3600
"""How long an Idempotency-Key leads to its job; shorter where the job goes earlier."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time now, UTC."""
    return datetime.now(UTC)


class RedisJobStore:
    """JobStore on a Redis-protocol server; see `app.jobs.ports.JobStore` for the contract.

    ``session_ttl``: a session's stream and list of jobs go so long after the last event.
    """

    def __init__(
        self,
        client: Redis,
        *,
        events_per_session: int = 1000,
        session_ttl: timedelta = timedelta(hours=25),
        clock: Clock = utc_now,
    ) -> None:
        self._redis = client
        self._run = JobScripts(client, events_per_session, int(session_ttl.total_seconds()))
        self._clock = clock

    async def reserve(self, job_id: str, until: datetime) -> None:
        await self._call("zadd", redis_keys.expiries(), {job_id: until.timestamp()})

    async def add(
        self,
        job: Job,
        event: Event,
        *,
        idempotency_key: str | None = None,
        fingerprint: str = "",
        queue_limit: int | None = None,
    ) -> str:
        verdict, told, *pace = await self._run(
            job_scripts.ADD,
            job.job_id,
            job.session_id,
            job.job_id,
            to_json(job),
            job.session_id,
            len(job.images),
            job.created_at.timestamp(),
            job.expires_at.timestamp(),
            -1 if queue_limit is None else queue_limit,
            _idempotency(job.session_id, idempotency_key) if idempotency_key else "",
            fingerprint,
            KEY_S,
            _wire(event),
        )
        if verdict == "mismatch":
            raise _mismatch()
        if verdict == "full":
            raise queue_full(int(told) + len(job.images) - (queue_limit or 0), float(pace[0] or 0) or None)
        return str(told)

    async def find_idempotent(self, session_id: str, key: str, fingerprint: str) -> str | None:
        known = await self._call("hgetall", _idempotency(session_id, key))
        if not known:
            return None
        if known["fingerprint"] != fingerprint:
            raise _mismatch()
        return str(known["job"])

    async def find_recognized(self, name: str) -> tuple[str, str] | None:
        found = await self._call("get", redis_keys.recognized(name))
        job_id, _, image_id = str(found or "").partition(" ")
        return (job_id, image_id) if found else None

    async def waiting_images(self) -> int:
        return int(await self._call("get", redis_keys.waiting_images()) or 0)

    async def kept(self, job_id: str) -> Job | None:
        return (await self._look_up(job_id))[0]

    async def get(self, job_id: str) -> Job:
        job, expired = await self._look_up(job_id)
        if expired or (job is not None and job.expires_at <= self._clock()):
            raise Expired("The job's retention time is over; its files are erased. Convert the images again.")
        if job is None:
            raise NotFound("There is no such job. Check the id; jobs belong to the session that made them.")
        return job

    async def of_session(self, session_id: str) -> list[Job]:
        ids = await self._call("zrevrange", redis_keys.session_jobs(session_id), 0, -1)
        jobs: list[Job] = []
        for job_id in ids:
            try:
                jobs.append(await self.get(job_id))
            except (NotFound, Expired):
                continue
        return jobs

    async def count_attempt(self, job_id: str, unit: str) -> int:
        return int(await self._run(job_scripts.ATTEMPT, job_id, "", unit))

    async def uncount_attempt(self, job_id: str, unit: str) -> None:
        await self._run(job_scripts.NO_ATTEMPT, job_id, "", unit)

    async def start(self, job_id: str, event: Event) -> bool:
        return await self._tell(job_scripts.START, job_id, event, _wire(event))

    async def progress(
        self, job_id: str, event: Event, *, image_id: str | None = None, fraction: float = 0.0
    ) -> bool:
        return await self._tell(
            job_scripts.PROGRESS, job_id, event, _wire(event), image_id or "", min(1.0, max(0.0, fraction))
        )

    async def record(self, job_id: str, outcome: Outcome, events: Sequence[Event]) -> bool:
        wired = [_wire(event) for event in events]
        session_id = events[0].session_id if events else await self._session_of(job_id)
        done = await self._run(
            job_scripts.RECORD, job_id, session_id, outcome.image_id, to_json(outcome), *wired
        )
        return bool(done)

    async def finish(
        self,
        job_id: str,
        status: JobStatus,
        event: Event,
        *,
        files: Sequence[ResultFile] = (),
        error: str | None = None,
        error_code: str | None = None,
        finished_at: datetime,
    ) -> bool:
        return await self._tell(
            job_scripts.FINISH,
            job_id,
            event,
            job_id,
            status.value,
            _wire(event),
            to_json(list(files)),
            error or "",
            error_code or "",
            finished_at.isoformat(),
            redis_keys.file_owner(""),
            *(file.file_id for file in files),
        )

    async def open_jobs(self) -> list[str]:
        return list(await self._call("zrange", redis_keys.open_jobs(), 0, -1))

    async def expired_jobs(self, now: datetime) -> list[str]:
        return list(await self._call("zrangebyscore", redis_keys.expiries(), "-inf", now.timestamp()))

    async def delete(self, job_id: str, *, expired: bool, event: Event | None = None) -> bool:
        done = await self._run(
            job_scripts.DELETE,
            job_id,
            await self._session_of(job_id),
            job_id,
            MARK_S if expired else 0,
            _wire(event) if event else "",
            redis_keys.file_owner(""),
            redis_keys.erased(),
            redis_keys.webhook_last_word(job_id),
        )
        return bool(done)

    async def job_of_file(self, file_id: str) -> str:
        job_id = await self._call("get", redis_keys.file_owner(file_id))
        if job_id is None:
            raise NotFound("There is no such file. Check the id.", code="file_not_found")
        await self.get(job_id)
        return str(job_id)

    async def take_turn(self, duty: str, seconds: float) -> bool:
        key, lasts_ms = redis_keys.turn(duty), max(1, int(seconds * 1000))
        if await self._call("set", key, "1", nx=True, px=lasts_ms):
            return True
        if await self._call("pttl", key) > lasts_ms:  # the server's clock was put back
            await self._call("pexpire", key, lasts_ms)
        return False

    async def _tell(self, script: str, job_id: str, event: Event, *arguments: str | float) -> bool:
        return bool(await self._run(script, job_id, event.session_id, *arguments))

    async def _look_up(self, job_id: str) -> tuple[Job | None, bool]:
        """The job, and whether a mark says that it has expired."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hgetall(redis_keys.job(job_id))
            pipe.hgetall(redis_keys.outcomes(job_id))
            pipe.exists(redis_keys.tombstone(job_id))
            with translate_errors():
                fields, outcomes, expired = cast("tuple[Any, Any, Any]", await pipe.execute())
        return (from_fields(fields, outcomes) if fields else None), bool(expired)

    async def _session_of(self, job_id: str) -> str:
        return str(await self._call("hget", redis_keys.job(job_id), "session") or "")

    async def _call(self, command: str, *arguments: Any, **options: Any) -> Any:
        with translate_errors():
            return await getattr(self._redis, command)(*arguments, **options)


def _wire(event: Event) -> str:
    return event.model_dump_json(exclude={"id", "seq"})


def _idempotency(session_id: str, key: str) -> str:
    return redis_keys.idempotency(session_id, hashlib.sha256(key.encode()).hexdigest())


def _mismatch() -> InvalidRequest:
    return InvalidRequest(
        "This Idempotency-Key was used with another request. Use a new key for a new batch.",
        code="idempotency_mismatch",
    )
