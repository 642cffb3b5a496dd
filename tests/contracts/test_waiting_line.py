"""What every waiting line must tell, on a real server."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from redis.asyncio import Redis

from app.errors import Unavailable
from app.jobs import events
from app.jobs.job import Job, JobStatus, Outcome, new_id
from app.jobs.waiting import Outlook, Turn
from app.services import redis_keys
from app.services.embedded_redis import EmbeddedRedis
from app.services.job_store import RedisJobStore
from app.services.redis_service import connect
from app.services.waiting_line import RedisWaitingLine
from tests.support.jobs import accepted, new_job, now, outcome_events, stream

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def server_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    async with EmbeddedRedis(tmp_path_factory.mktemp("line")) as server:
        yield server.url


@pytest.fixture
async def client(server_url: str) -> AsyncGenerator[Redis]:
    async with connect(server_url) as client:
        await client.flushdb()
        yield client


@pytest.fixture
def store(client: Redis) -> RedisJobStore:
    return RedisJobStore(client)


@pytest.fixture
def line(client: Redis) -> RedisWaitingLine:
    return RedisWaitingLine(client)


async def _added(store: RedisJobStore, images: int, session_id: str | None = None) -> Job:
    job = new_job(session_id, images)
    await store.add(job, accepted(job))
    return job


async def _read(store: RedisJobStore, job: Job, index: int) -> None:
    outcome = Outcome(job.images[index].image_id, tables=1)
    await store.record(job.job_id, outcome, outcome_events(job, outcome))


async def _stop(store: RedisJobStore, job: Job) -> None:
    stopped = events.job_error(job, "stop", "job_cancelled", now(), status=JobStatus.CANCELLED)
    await store.finish(job.job_id, JobStatus.CANCELLED, stopped, finished_at=now())


async def _measured(client: Redis, seconds_per_image: float, ago: float = 0.0) -> None:
    """As if many images had been read at this pace, the last one so many seconds ago."""
    last = (await client.time())[0] - ago
    pace: dict[Any, Any] = {"seconds": 20 * seconds_per_image, "outcomes": 20, "last": last}
    await client.hset(redis_keys.pace(), mapping=pace)


async def test_jobs_move_up_as_others_begin_or_go(store: RedisJobStore, line: RedisWaitingLine) -> None:
    jobs = [await _added(store, 2) for _ in range(4)]

    async def positions() -> list[int | None]:
        return [(await line.outlook(job.job_id)).queue_position for job in jobs]

    assert await positions() == [1, 2, 3, 4]
    await store.start(jobs[0].job_id, accepted(jobs[0]))
    assert await positions() == [None, 1, 2, 3]
    await _stop(store, jobs[1])
    assert await positions() == [None, None, 1, 2]
    await store.delete(jobs[2].job_id, expired=False)
    assert await positions() == [None, None, None, 1]


async def test_the_pace_is_measured_while_images_wait(store: RedisJobStore, line: RedisWaitingLine) -> None:
    job = await _added(store, 3)
    assert await line.seconds_per_image() is None

    for index in range(3):
        await _read(store, job, index)

    each = await line.seconds_per_image()
    assert each is not None
    assert 0 < each < 5, "the test itself takes no longer"


async def test_nothing_is_promised_once_nothing_comes_any_more(
    store: RedisJobStore, line: RedisWaitingLine, client: Redis
) -> None:
    job = await _added(store, 1)
    await _measured(client, 1.0, ago=30)
    assert await line.seconds_per_image() == 1.0
    await _measured(client, 1.0, ago=3600)
    assert await line.outlook(job.job_id) == Outlook(1, None)


async def test_a_wait_without_work_says_nothing_of_the_pace(
    store: RedisJobStore, line: RedisWaitingLine, client: Redis
) -> None:
    await _measured(client, 1.0, ago=3600)
    job = await _added(store, 1)

    await _read(store, job, 0)

    each = await line.seconds_per_image()
    assert each is not None
    assert each < 2, "the hour in which no image waited is not counted"


async def test_time_left_counts_turns_with_the_other_jobs(
    store: RedisJobStore, line: RedisWaitingLine, client: Redis
) -> None:
    long, short, single = [await _added(store, images) for images in (50, 4, 1)]
    await _measured(client, 2.0)

    async def left(job: Job) -> float | None:
        return (await line.outlook(job.job_id)).seconds_left

    assert await left(single) == 2.0 * (1 + 1 + 1)
    assert await left(short) == 2.0 * (4 + 4 + 1)
    assert await left(long) == 2.0 * (50 + 4 + 1)
    reading = events.job_progress(single, now())
    await store.progress(single.job_id, reading, image_id=single.images[0].image_id, fraction=0.5)
    assert await left(single) == 2.0 * (1 + 1 + 0.5)
    await _stop(store, long)
    assert await left(short) == 2.0 * (4 + 1)
    assert await left(long) is None


async def test_events_tell_the_outlook(store: RedisJobStore, client: Redis) -> None:
    await _added(store, 3)
    await _measured(client, 2.0)
    job = await _added(store, 2)
    await store.start(job.job_id, accepted(job))

    told = await stream(client, job.session_id)

    outlooks = [(event["queue_position"], event["estimated_seconds_left"]) for event in told]
    assert outlooks == [(2, 8.0), (None, 8.0)]


async def test_a_full_queue_says_when_there_will_be_room(store: RedisJobStore, client: Redis) -> None:
    await _added(store, 10)
    await _measured(client, 2.0)
    job = new_job(images=5)

    with pytest.raises(Unavailable) as full:
        await store.add(job, accepted(job), queue_limit=12)

    assert (full.value.code, full.value.retry_after) == ("queue_full", 3 * 2.0)
    assert "in about 6 s" in full.value.message


async def test_jobs_of_a_session_stand_in_line(store: RedisJobStore, line: RedisWaitingLine) -> None:
    session_id = new_id()
    jobs = [await _added(store, 1, session_id) for _ in range(3)]
    await _added(store, 1)

    assert [await line.turn(job) for job in jobs] == [Turn(0, 3), Turn(1, 3), Turn(2, 3)]
    await _stop(store, jobs[0])
    assert await line.open_of_session(session_id, 0, 0) == [jobs[1].job_id]
    assert await line.turn(jobs[2]) == Turn(1, 2)
