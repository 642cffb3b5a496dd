"""Jobs from submission to the end, on a real server, real files and a real engine process."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from pydantic import SecretStr

from app.errors import Conflict, InvalidRequest, NotFound, TooLarge, Unavailable
from app.jobs.job import Job, JobOptions, JobStatus, Strategy, new_id
from app.jobs.limits import Limits
from app.jobs.submit import Submit, Upload
from app.jobs.tables import tables_of
from app.models.websocket import Event
from app.recognition.engine import EngineName
from app.services.job_store import RedisJobStore
from app.settings import Settings
from app.wiring.core import Core, open_core
from tests.support.job_house import JobHouse, kinds
from tests.support.jobs import stream

pytestmark = pytest.mark.anyio


async def test_a_batch_becomes_a_workbook(house: JobHouse) -> None:
    house.work_here()
    job = await house.submit("a|b", "c|d")

    events = await house.ended(job)

    found = await house.core.store.get(job.job_id)
    assert found.status is JobStatus.COMPLETED
    assert [outcome.tables for outcome in found.outcomes.values()] == [1, 1]
    (file,) = found.files
    content = await house.core.files.get(f"jobs/{job.job_id}/results/{file.file_id}")
    sheets = load_workbook(io.BytesIO(content)).worksheets[:2]
    assert [[cell.value for cell in sheet[1]] for sheet in sheets] == [["a", "b"], ["c", "d"]]
    last = events[-1]
    assert last["primary_download_url"] == f"/api/v1/download/{job.job_id}"
    assert last["files"][0]["download_url"] == f"/api/v1/download/{file.file_id}"
    assert (last["successful_images"], last["failed_images"]) == (2, 0)
    assert last["processing_time"] > 0


async def test_events_come_in_order(house: JobHouse) -> None:
    house.work_here()
    job = await house.submit("a|b", "c|d", "e|f")

    events = await house.ended(job)

    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    progress = [event for event in events if event["type"] == "job_progress"]
    assert progress[0]["status"] == "queued"
    assert {event["status"] for event in progress[1:]} == {"processing"}
    assert [event["progress"] for event in progress] == sorted(event["progress"] for event in progress)
    assert progress[-1]["stage"] == "workbook"
    done = [event for event in events if event["type"] == "single_image_completed"]
    assert sorted(event["image"] for event in done) == [image.filename for image in job.images]
    assert done[0]["tables"][0]["preview"] in ([["a", "b"]], [["c", "d"]], [["e", "f"]])
    assert kinds(events).count("job_completed") == 1
    assert events[-1]["type"] == "job_completed"


async def test_one_bad_image_harms_no_other(house: JobHouse) -> None:
    house.work_here()
    job = await house.submit("a|b", "refuse", "c|d")

    last = (await house.ended(job))[-1]

    assert last["status"] == "partially_completed"
    (error,) = last["errors"]
    assert (error["image"], error["error_code"]) == ("image-1.png", "no_table_found")
    tables = await tables_of(await house.core.store.get(job.job_id), house.core.files)
    assert [image.image for image in tables] == ["image-0.png", "image-2.png"]


async def test_a_batch_of_bad_images_fails_with_their_reason(house: JobHouse) -> None:
    house.work_here()
    job = await house.submit("refuse", "refuse")

    last = (await house.ended(job))[-1]

    assert (last["type"], last["status"], last["error_code"]) == ("job_error", "failed", "no_table_found")
    assert len(last["errors"]) == 2


async def test_an_image_that_kills_its_engine_is_given_up_after_three_tries(house: JobHouse) -> None:
    house.work_here()
    job = await house.submit("crash", "a|b", "bug")

    last = (await house.ended(job))[-1]

    assert last["status"] == "partially_completed"
    assert [error["error_code"] for error in last["errors"]] == ["engine_crashed", "engine_failed"]
    assert await house.core.store.count_attempt(job.job_id, job.images[0].image_id) == 5


async def test_an_image_that_takes_too_long_fails_alone(house: JobHouse) -> None:
    house.work_here(timeout_s=0.3)
    job = await house.submit("hang", "a|b")

    last = (await house.ended(job))[-1]

    assert last["errors"][0]["error_code"] == "engine_timeout"
    assert last["successful_images"] == 1


async def test_every_image_in_its_own_workbook(house: JobHouse) -> None:
    house.work_here()
    job = await house.submit("a|b", "c|d", options={"strategy": Strategy.SEPARATE})

    last = (await house.ended(job))[-1]

    assert [file["filename"] for file in last["files"]] == ["image-0.xlsx", "image-1.xlsx", "tables.zip"]


async def test_a_long_job_lets_others_pass(house: JobHouse) -> None:
    long = await house.submit(*(["a|b"] * 20))
    short = await house.submit("c|d")
    house.work_here()

    await house.ended(short)

    assert not (await house.core.store.get(long.job_id)).status.is_terminal
    await house.ended(long)


async def test_a_small_job_passes_one_of_many_images(house: JobHouse) -> None:
    long = await house.submit(*(["a|b"] * 200))
    house.work_here()
    await house.told(long, lambda event: event["type"] == "single_image_completed")

    short = await house.submit("c|d")
    await house.ended(short)

    done = len((await house.core.store.get(long.job_id)).outcomes)
    assert done < 20, "the small one waited for what was in the queue, not for all of the long one"
    await house.core.cancel(long.job_id)


async def test_a_session_with_many_jobs_lets_others_pass(house: JobHouse) -> None:
    crowd = new_id()
    many = [await house.submit("a|b", session_id=crowd) for _ in range(20)]
    house.work_here()
    await house.ended(many[0])

    short = await house.submit("e|f")
    await house.ended(short)

    ended = [(await house.core.store.get(job.job_id)).status.is_terminal for job in many]
    assert sum(ended) < 15
    for job in many:  # and all of them come to their end, one moving up after the other
        await house.ended(job)


async def test_fifty_requests_with_one_key_are_one_job(house: JobHouse) -> None:
    session_id = new_id()

    jobs = await asyncio.gather(
        *(house.submit("a|b", session_id=session_id, idempotency_key="k") for _ in range(50))
    )

    assert len({job.job_id for job in jobs}) == 1
    assert len(house.stored()) == 1
    with pytest.raises(InvalidRequest) as other:
        await house.submit("c|d", session_id=session_id, idempotency_key="k")
    assert other.value.code == "idempotency_mismatch"
    assert len(house.stored()) == 1
    house.work_here()
    events = await house.ended(jobs[0])
    assert kinds(events).count("job_completed") == 1


async def test_a_refused_batch_leaves_nothing(house: JobHouse, core: Core) -> None:
    limits = Limits(max_images=2, max_file_bytes=4, queue_limit=1)
    small = Submit(core.store, core.files, core.line, core.feed, limits)

    async def refused(*texts: str, **options: Any) -> str:
        uploads = [Upload.of("i.png", text.encode()) for text in texts]
        with pytest.raises((InvalidRequest, TooLarge, Unavailable)) as refusal:
            await small(new_id(), uploads, JobOptions(**options))
        return refusal.value.code

    assert await refused() == "empty_batch"
    assert await refused("a", "b", "c") == "too_many_images"
    assert await refused("too long") == "file_too_large"
    assert await refused("a", engine=EngineName.OLMOCR) == "invalid_option"
    assert await refused("a", output_format="exe") == "invalid_option"
    assert await refused("a", "b") == "queue_full"
    assert house.stored() == []
    assert await core.client.keys("olmocr:*") == []


class MuteStore(RedisJobStore):
    """Stores a job, but its answer is lost, and then it is away."""

    async def add(self, job: Job, event: Event, **more: Any) -> str:
        await super().add(job, event, **more)
        raise Unavailable("The connection was cut.", retry_after=1)

    async def delete(self, job_id: str, **more: Any) -> bool:
        raise Unavailable("The server is away.", retry_after=1)


async def test_a_job_whose_acceptance_was_lost_on_the_way_stays_whole(house: JobHouse, core: Core) -> None:
    session, upload = new_id(), Upload.of("a.png", b"a|b")
    mute = Submit(MuteStore(core.client), core.files, core.line, core.feed, core.limits)
    with pytest.raises(Unavailable):
        await mute(session, [upload], JobOptions(), idempotency_key="once")
    house.work_here()

    job = await core.submit(session, [upload], JobOptions(), idempotency_key="once")

    assert (await house.ended(job))[-1]["status"] == "completed"
    assert len(await core.store.of_session(session)) == 1


async def test_a_waiting_job_is_cancelled(house: JobHouse) -> None:
    job = await house.submit("a|b")

    cancelled = await house.core.cancel(job.job_id, job.session_id)

    assert cancelled.status is JobStatus.CANCELLED
    last = (await stream(house.core.client, job.session_id))[-1]
    assert (last["type"], last["status"], last["error_code"]) == ("job_error", "cancelled", "job_cancelled")
    other = await house.submit("c|d")
    house.work_here()
    await house.ended(other)
    assert kinds(await stream(house.core.client, job.session_id)) == ["job_progress", "job_error"]
    assert (await house.core.cancel(job.job_id)).status is JobStatus.CANCELLED


async def test_a_running_job_is_cancelled_at_once(house: JobHouse) -> None:
    house.work_here()
    job = await house.submit("hang")
    await house.reading(job)

    async with asyncio.timeout(2):
        await house.core.cancel(job.job_id)
        other = await house.submit("a|b")
    await house.ended(other, seconds=10)  # the only worker is free again

    assert kinds(await stream(house.core.client, job.session_id))[-1] == "job_error"


async def test_an_ended_job_cannot_be_cancelled_nor_can_one_of_others(house: JobHouse) -> None:
    house.work_here()
    job = await house.submit("a|b")
    await house.ended(job)

    with pytest.raises(Conflict) as ended:
        await house.core.cancel(job.job_id)
    assert ended.value.code == "job_finished"
    with pytest.raises(NotFound):
        await house.core.cancel(job.job_id, new_id())


async def test_work_for_the_api_stands_in_no_way_of_local_work(server_url: str, settings: Settings) -> None:
    keyed = settings.model_copy(update={"olmocr_api_key": SecretStr("key"), "engine": EngineName.LOCAL})
    async with open_core(keyed, server_url) as core:
        house = JobHouse(core, keyed)
        house.work_here()
        slow = await house.submit("hang", options={"engine": EngineName.OLMOCR})
        await house.reading(slow)

        await house.ended(await house.submit("a|b"))

        await core.cancel(slow.job_id)
        await house.close()
