"""What every job store must do, on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.errors import Expired, InvalidRequest, NotFound, Unavailable
from app.jobs import events
from app.jobs.job import Job, JobStatus, Outcome, ResultFile, new_id
from app.services import redis_keys
from app.services.embedded_redis import EmbeddedRedis
from app.services.job_store import RedisJobStore
from app.services.redis_service import connect
from tests.support.jobs import accepted, new_job, now, outcome_events, stream
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def server_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    async with EmbeddedRedis(Path(tmp_path_factory.mktemp("store"))) as server:
        yield server.url


@pytest.fixture
async def client(server_url: str) -> AsyncGenerator[Redis]:
    client = connect(server_url)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
def store(client: Redis) -> RedisJobStore:
    return RedisJobStore(client, events_per_session=200)


async def _added(store: RedisJobStore, job: Job) -> Job:
    assert await store.add(job, accepted(job)) == job.job_id
    return job


def _outcome(job: Job, index: int = 0) -> Outcome:
    return Outcome(job.images[index].image_id, tables=1, pages=1, engine="local", warnings=("ünï",))


def _file(job: Job) -> ResultFile:
    return ResultFile(new_id(), "tables.xlsx", 10, "0" * 64)


async def _finish(store: RedisJobStore, job: Job, *files: ResultFile) -> bool:
    event = events.job_completed(job, JobStatus.COMPLETED, files, now())
    return await store.finish(job.job_id, JobStatus.COMPLETED, event, files=files, finished_at=now())


async def test_a_job_comes_back_as_it_was_added(store: RedisJobStore, client: Redis) -> None:
    job = await _added(store, new_job())

    assert await store.get(job.job_id) == job
    assert await store.open_jobs() == [job.job_id]
    (event,) = await stream(client, job.session_id)
    assert (event["type"], event["status"], event["seq"]) == ("job_progress", "queued", 1)


async def test_unknown_jobs_and_files_are_not_found(store: RedisJobStore) -> None:
    with pytest.raises(NotFound):
        await store.get(new_id())
    with pytest.raises(NotFound) as missing:
        await store.job_of_file(new_id())
    assert missing.value.code == "file_not_found"


async def test_the_bell_rings_with_what_the_stream_holds(store: RedisJobStore, client: Redis) -> None:
    job = new_job()
    async with client.pubsub() as bell:
        await bell.subscribe(redis_keys.session_channel(job.session_id))
        await bell.get_message(timeout=5)  # the confirmation
        await _added(store, job)
        message = await bell.get_message(ignore_subscribe_messages=True, timeout=5)

    ((entry_id, fields),) = await client.xrange(redis_keys.session_events(job.session_id))
    assert message["data"] == f"{entry_id} {fields['seq']} {fields['event']}"


async def test_the_first_outcome_stays(store: RedisJobStore, client: Redis) -> None:
    job = await _added(store, new_job())
    first, second = _outcome(job), replace(_outcome(job), error="late", error_code="late")

    recorded = await asyncio.gather(
        *(store.record(job.job_id, each, outcome_events(job, each)) for each in (first, first, second))
    )

    assert sorted(recorded) == [False, False, True]
    assert (await store.get(job.job_id)).status is JobStatus.PROCESSING
    told = [event["type"] for event in await stream(client, job.session_id)]
    assert told == ["job_progress", "single_image_completed", "job_progress"]


async def test_counts_are_filled_in_where_all_images_are_seen(store: RedisJobStore, client: Redis) -> None:
    job = await _added(store, new_job(images=4))
    outcomes = [_outcome(job, index) for index in range(3)]

    await asyncio.gather(*(store.record(job.job_id, each, outcome_events(job, each)) for each in outcomes))

    told = [event for event in await stream(client, job.session_id) if event["type"] == "job_progress"]
    assert [(event["processed_images"], event["progress"]) for event in told] == [
        (0, 0),
        (1, 25),
        (2, 50),
        (3, 75),
    ]


async def test_progress_counts_stages_and_never_falls(store: RedisJobStore, client: Redis) -> None:
    job = await _added(store, new_job(images=2))
    first, second = (image.image_id for image in job.images)
    tell = events.job_progress(job, now())

    assert await store.start(job.job_id, tell)
    for image_id, fraction in ((first, 0.8), (second, 0.4), (first, 0.2)):
        assert await store.progress(job.job_id, tell, image_id=image_id, fraction=fraction)
    await store.record(job.job_id, _outcome(job, 0), outcome_events(job, _outcome(job, 0)))
    await store.record(job.job_id, _outcome(job, 1), outcome_events(job, _outcome(job, 1)))

    told = [event["progress"] for event in await stream(client, job.session_id) if "progress" in event]
    assert told == [0, 0, 40, 60, 60, 70, 99]


async def test_names_cannot_forge_counts(store: RedisJobStore, client: Redis) -> None:
    job = new_job(images=1)
    evil = (
        '"progress":7,"processed_images":7,"queue_position":null,"estimated_seconds_left":null'
        ' %1 \\"progress\\":7,\\"processed_images\\":7'
    )
    job = replace(job, images=(replace(job.images[0], filename=evil),))
    await _added(store, job)

    await store.progress(job.job_id, events.job_progress(job, now(), image=job.images[0]))

    told = (await stream(client, job.session_id))[-1]
    assert (told["progress"], told["processed_images"], told["current_image"]) == (0, 0, evil)


async def test_the_first_end_stays_and_nothing_follows_it(store: RedisJobStore, client: Redis) -> None:
    job = await _added(store, new_job())
    cancelled = events.job_error(job, "stop", "job_cancelled", now(), status=JobStatus.CANCELLED)

    ends = await asyncio.gather(
        *(
            store.finish(job.job_id, JobStatus.CANCELLED, cancelled, error="stop", finished_at=now())
            for _ in range(5)
        )
    )

    assert sorted(ends) == [False] * 4 + [True]
    assert not await _finish(store, job)
    assert not await store.start(job.job_id, accepted(job))
    assert not await store.progress(job.job_id, accepted(job))
    assert not await store.record(job.job_id, _outcome(job), outcome_events(job, _outcome(job)))
    assert await store.open_jobs() == []
    assert (await store.get(job.job_id)).status is JobStatus.CANCELLED
    assert [event["type"] for event in await stream(client, job.session_id)] == ["job_progress", "job_error"]


async def test_a_finished_job_keeps_files_and_times(store: RedisJobStore) -> None:
    job = await _added(store, new_job(images=1))
    file = _file(job)
    await store.record(job.job_id, _outcome(job), outcome_events(job, _outcome(job)))

    assert await _finish(store, job, file)

    found = await store.get(job.job_id)
    assert (found.status, found.files, found.progress) == (JobStatus.COMPLETED, (file,), 100)
    assert found.outcomes == {job.images[0].image_id: _outcome(job)}
    assert found.finished_at is not None
    assert await store.job_of_file(file.file_id) == job.job_id


async def test_attempts_are_counted_by_unit(store: RedisJobStore) -> None:
    job = await _added(store, new_job())

    counts = [await store.count_attempt(job.job_id, unit) for unit in ("a", "a", "workbook", "a")]

    assert counts == [1, 2, 1, 3]
    assert await store.count_attempt(new_id(), "a") == 0


async def test_one_key_is_one_job_however_many_ask(store: RedisJobStore) -> None:
    session_id = new_id()
    jobs = [new_job(session_id) for _ in range(20)]

    ids = await asyncio.gather(
        *(store.add(job, accepted(job), idempotency_key="k", fingerprint="f") for job in jobs)
    )

    assert len(set(ids)) == 1
    assert await store.open_jobs() == [ids[0]]
    assert await store.find_idempotent(session_id, "k", "f") == ids[0]
    assert await store.find_idempotent(new_id(), "k", "f") is None
    other_job = new_job(session_id)
    with pytest.raises(InvalidRequest) as other:
        await store.add(other_job, accepted(other_job), idempotency_key="k", fingerprint="other")
    assert other.value.code == "idempotency_mismatch"


async def test_a_key_is_forgotten_after_a_day(store: RedisJobStore, client: Redis) -> None:
    first, second = new_job(), new_job()
    first = replace(first, expires_at=first.created_at + timedelta(days=7))
    second = replace(second, session_id=first.session_id)
    await store.add(first, accepted(first), idempotency_key="k", fingerprint="f")
    (key,) = await client.keys("*:idempotency:*")

    assert 86_000 < await client.ttl(key) <= 86_400
    await client.expire(key, 0)  # the day is over

    added = await store.add(second, accepted(second), idempotency_key="k", fingerprint="other")
    assert added == second.job_id


async def test_adding_again_after_a_lost_answer_changes_nothing(store: RedisJobStore, client: Redis) -> None:
    job = await _added(store, new_job())

    assert await store.add(job, accepted(job), queue_limit=0) == job.job_id
    assert len(await stream(client, job.session_id)) == 1


async def test_no_more_images_wait_than_allowed(store: RedisJobStore) -> None:
    jobs = [new_job(images=2) for _ in range(5)]

    async def add(job: Job) -> str:
        return await store.add(job, accepted(job), queue_limit=6)

    answers = await asyncio.gather(*map(add, jobs), return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert [(each.code, each.retry_after > 0) for each in refused] == [("queue_full", True)] * 2
    assert await store.waiting_images() == 6


async def test_waiting_images_are_those_of_open_jobs_without_outcome(store: RedisJobStore) -> None:
    done, stopped, erased = [await _added(store, new_job(images=3)) for _ in range(3)]
    await store.record(done.job_id, _outcome(done), outcome_events(done, _outcome(done)))
    assert await store.waiting_images() == 8
    error = events.job_error(stopped, "stop", "job_cancelled", now(), status=JobStatus.CANCELLED)
    await store.finish(stopped.job_id, JobStatus.CANCELLED, error, finished_at=now())
    assert await store.waiting_images() == 5
    await store.delete(erased.job_id, expired=False)
    await store.delete(stopped.job_id, expired=False)
    assert await store.waiting_images() == 2


async def test_erasing_leaves_nothing_of_the_job(store: RedisJobStore, client: Redis) -> None:
    session_id = new_id()
    kept = await _added(store, new_job(session_id))
    erased = new_job(session_id)
    await store.add(erased, accepted(erased), idempotency_key="k", fingerprint="f")
    file = _file(erased)
    await store.count_attempt(erased.job_id, "a")
    await store.record(erased.job_id, _outcome(erased), outcome_events(erased, _outcome(erased)))
    await _finish(store, erased, file)

    assert await store.delete(erased.job_id, expired=False, event=events.job_erased(erased, now()))
    assert not await store.delete(erased.job_id, expired=False)

    with pytest.raises(NotFound):
        await store.get(erased.job_id)
    with pytest.raises(NotFound):
        await store.job_of_file(file.file_id)
    assert [job.job_id for job in await store.of_session(session_id)] == [kept.job_id]
    told = [(event["type"], event["job_id"]) for event in await stream(client, session_id)]
    assert told == [("job_progress", kept.job_id), ("system", erased.job_id)]
    assert await store.find_idempotent(session_id, "k", "f") is None
    assert [key for key in await client.keys("*") if erased.job_id in key or file.file_id in key] == []
    stream_key = redis_keys.session_events(session_id)
    assert await _bytes_hold(client, stream_key, "job_progress")
    assert not await _bytes_hold(client, stream_key, "single_image_completed")


async def _bytes_hold(client: Redis, key: str, marker: str) -> bool:
    """Whether the marker stands in what the server keeps for the key, and would write into its files."""
    await client.config_set("rdbcompression", "no")
    found = await client.eval(
        "return string.find(redis.call('DUMP', KEYS[1]), ARGV[1], 1, true)", 1, key, marker
    )
    return found is not None


@pytest.mark.parametrize("others", [0, 150])
async def test_erasing_goes_on_in_the_same_stream(store: RedisJobStore, client: Redis, others: int) -> None:
    erased = await _added(store, new_job())
    session_id, key = erased.session_id, redis_keys.session_events(erased.session_id)
    for _ in range(others):
        await _added(store, new_job(session_id))
    before = await stream(client, session_id)
    ttl = await client.ttl(key)

    await store.delete(erased.job_id, expired=True, event=None)

    assert await stream(client, session_id) == before[1:]
    assert (await client.xinfo_stream(key))["last-generated-id"] == before[-1]["id"]
    assert ttl - 60 < await client.ttl(key) <= ttl
    last = await _added(store, new_job(session_id))
    [told] = (await stream(client, session_id))[others:]
    assert (told["job_id"], told["seq"]) == (last.job_id, others + 2)


async def test_expired_is_told_from_unknown(client: Redis) -> None:
    later = now() + timedelta(hours=2)
    early, late = RedisJobStore(client), RedisJobStore(client, clock=lambda: later)
    job = await _added(early, new_job())
    file = _file(job)
    await _finish(early, job, file)

    assert await early.expired_jobs(now()) == []
    with pytest.raises(Expired):
        await late.get(job.job_id)
    assert await late.of_session(job.session_id) == []
    assert await late.expired_jobs(later) == [job.job_id]
    await late.delete(job.job_id, expired=True)

    assert await late.expired_jobs(later) == []
    for call in (early.get(job.job_id), early.job_of_file(file.file_id)):
        with pytest.raises(Expired):
            await call
    assert await stream(client, job.session_id) == []


async def test_a_reservation_without_a_job_expires(store: RedisJobStore) -> None:
    lost, made = new_id(), new_job()
    for job_id in (lost, made.job_id):
        await store.reserve(job_id, now() - timedelta(seconds=1))
    await _added(store, made)

    assert await store.expired_jobs(now()) == [lost]
    assert not await store.delete(lost, expired=True)
    assert await store.expired_jobs(now()) == []
    with pytest.raises(NotFound):
        await store.get(lost)


async def test_jobs_of_a_session_stand_newest_first(store: RedisJobStore) -> None:
    session_id = new_id()
    jobs = [await _added(store, new_job(session_id)) for _ in range(3)]

    found = await store.of_session(session_id)

    assert [job.job_id for job in found] == [job.job_id for job in reversed(jobs)]


async def test_a_session_keeps_its_latest_events(client: Redis) -> None:
    store = RedisJobStore(client, events_per_session=10)
    job = await _added(store, new_job())
    for _ in range(300):
        await store.progress(job.job_id, events.job_progress(job, now()))

    told = await stream(client, job.session_id)
    assert 10 <= len(told) < 150
    assert told[-1]["seq"] == 301


async def test_one_of_many_takes_the_turn(store: RedisJobStore) -> None:
    taken = await asyncio.gather(*(store.take_turn("sweep", 60) for _ in range(10)))

    assert sorted(taken) == [False] * 9 + [True]


async def test_turn_that_a_clock_put_back_would_keep_for_long_is_free_in_time(
    store: RedisJobStore, client: Redis
) -> None:
    assert await store.take_turn("expire", 0.05)
    await client.expire(redis_keys.turn("expire"), 3600)  # what is left of it by the server's new time

    async def taken() -> bool:
        return await store.take_turn("expire", 0.05)

    assert not await taken()
    await until(taken)


async def test_an_absent_store_is_unavailable(tmp_path: Path) -> None:
    client = connect(f"unix://{tmp_path}/nobody.sock", patience=0)

    with pytest.raises(Unavailable):
        await RedisJobStore(client).get(new_id())
    await client.aclose()
