"""Worker processes that are killed, stopped and cut off: what was accepted is finished, and once."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections import Counter
from pathlib import Path

import psutil
import pytest

from app.jobs.cuttings import JobCuttings
from app.jobs.endings import end
from app.jobs.finish import FinishJob
from app.jobs.job import Job, JobOptions, JobStatus, new_id
from app.jobs.reuse import Reuse
from app.jobs.run import RunImage
from app.jobs.submit import Upload
from app.recognition.engine import DecodeLimits, EngineName, Recognition, Report, SourceImage
from app.services.embedded_redis import EmbeddedRedis
from app.services.image_cutter import ChildImageCutter
from app.settings import Settings
from app.wiring.core import Core, open_core
from tests.support.job_house import JobHouse, kinds

pytestmark = pytest.mark.anyio


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The image `until <gate>` is read as soon as this file exists."""
    return tmp_path / "gate"


def open_gate(gate: Path) -> None:
    gate.touch()


async def _assert_finished_once(house: JobHouse, job: Job) -> None:
    events = await house.ended(job, seconds=60)
    done = Counter(event["image_id"] for event in events if event["type"] == "single_image_completed")
    assert done == {image.image_id: 1 for image in job.images}
    assert sum(kind in ("job_completed", "job_error") for kind in kinds(events)) == 1
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (await house.core.store.get(job.job_id)).status is JobStatus.COMPLETED


def _family(process: Process) -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


async def test_a_killed_worker_is_replaced_and_leaves_no_process(house: JobHouse, gate: Path) -> None:
    first = await house.work_elsewhere()
    job = await house.submit("a|b", f"until {gate}", "c|d")
    await house.told(job, lambda event: event.get("stage") == "words" and event["processed_images"] == 1)
    family = _family(first)

    first.send_signal(signal.SIGKILL)
    await first.wait()
    open_gate(gate)
    await house.work_elsewhere()

    await _assert_finished_once(house, job)
    assert not [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


async def test_a_stopped_worker_ends_what_it_began(house: JobHouse, gate: Path) -> None:
    worker = await house.work_elsewhere()
    job = await house.submit(f"until {gate}")
    await house.told(job, lambda event: event.get("stage") == "words")

    worker.terminate()
    open_gate(gate)

    assert await worker.wait() == 0
    assert len((await house.core.store.get(job.job_id)).outcomes) == 1
    await house.work_elsewhere()
    await _assert_finished_once(house, job)


async def test_an_image_that_kills_whole_workers_is_given_up(house: JobHouse) -> None:
    job = await house.submit("hang", "a|b")
    first, second = (image.image_id for image in job.images)
    for _ in range(2):  # what two workers did before they died
        await house.core.store.count_attempt(job.job_id, first)
    third = await house.work_elsewhere()
    await house.told(
        job, lambda event: event.get("stage") == "words" and event["current_image"] == "image-0.png"
    )

    third.send_signal(signal.SIGKILL)
    await third.wait()
    await house.work_elsewhere()

    last = (await house.ended(job, seconds=60))[-1]
    assert last["status"] == "partially_completed"
    assert [error["error_code"] for error in last["errors"]] == ["engine_crashed"]
    assert await house.core.store.count_attempt(job.job_id, second) == 2


async def test_a_cancelled_image_ends_the_process_that_reads_it(house: JobHouse) -> None:
    worker = await house.work_elsewhere()
    job = await house.submit("hang", *(["a|b"] * 40))
    await house.told(job, lambda event: event.get("stage") == "words")
    reading = [each for each in _family(worker)[1:] if "engine_child" in " ".join(each.cmdline())]

    await house.core.cancel(job.job_id)

    assert reading
    _, alive = psutil.wait_procs(reading, timeout=30)
    assert not alive
    await house.ended(await house.submit("c|d"))
    assert len((await house.core.store.get(job.job_id)).outcomes) == 0


async def test_lost_tasks_are_added_again(house: JobHouse) -> None:
    jobs = [await house.submit("a|b") for _ in range(3)]
    for key in await house.core.client.keys("olmocr-cores*"):
        await house.core.client.delete(key)

    await house.work_elsewhere()

    for job in jobs:
        await _assert_finished_once(house, job)


async def test_jobs_outlive_a_killed_server(settings: Settings, tmp_path: Path, gate: Path) -> None:
    async with EmbeddedRedis(tmp_path) as server, open_core(settings, server.url) as core:
        house = JobHouse(core, settings)
        await house.work_elsewhere()
        running = await house.submit(f"until {gate}", "a|b")
        waiting = await house.submit("c|d")
        await house.reading(running)

        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        await server.wait()
        open_gate(gate)
        await server.start()

        await _assert_finished_once(house, running)
        await _assert_finished_once(house, waiting)
        await house.close()


class HangingEngine:
    """Tells that it has begun, and never ends."""

    name = EngineName.LOCAL

    def __init__(self) -> None:
        self.begun: asyncio.Queue[SourceImage] = asyncio.Queue()

    async def recognize(self, image: SourceImage, report: Report) -> Recognition:
        await self.begun.put(image)
        await asyncio.Event().wait()
        raise AssertionError

    async def close(self) -> None:
        pass


async def test_an_image_that_is_handed_back_in_order_is_never_given_up(core: Core, tmp_path: Path) -> None:
    upload, engine = Upload.of("a.png", b"a|b"), HangingEngine()
    job = await core.submit(new_id(), [upload], JobOptions())
    [image] = job.images
    cuttings = JobCuttings(core.files, ChildImageCutter(DecodeLimits()), tmp_path)
    finish = FinishJob(core.store, core.files, core.outputs, cuttings)
    reuse = Reuse(core.store, core.files)
    run = RunImage(core.store, core.files, core.feed, finish, {EngineName.AUTO: engine}, reuse, tmp_path)
    for _ in range(4):  # so many restarts of the service in the course of one long image
        task = asyncio.create_task(run(job.job_id, image.image_id))
        await engine.begun.get()
        await end(task)

    assert await core.store.count_attempt(job.job_id, image.image_id) == 1
    assert (await core.store.get(job.job_id)).pending == (image,)
