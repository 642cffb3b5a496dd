"""The task queue on a real server: once while it waits or runs, again when over, gone when cancelled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from app.errors import Unavailable
from app.jobs.job import new_id
from app.services.docket_queue import CORES, DocketQueue, Tasks, WorkerLoop, open_queue
from app.services.embedded_redis import EmbeddedRedis
from app.services.redis_service import connect
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def url(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    async with EmbeddedRedis(tmp_path_factory.mktemp("queue")) as server:
        yield server.url


@pytest.fixture
async def queue(url: str) -> AsyncGenerator[DocketQueue]:
    async with open_queue(url) as queue:
        yield queue


class Workplace:
    """Work whose beginning and end can be waited for. `hold`: it goes on until it is released."""

    def __init__(self, *, hold: bool = False) -> None:
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.ended: asyncio.Queue[str] = asyncio.Queue()
        self.stopped: asyncio.Queue[str] = asyncio.Queue()
        self.release = asyncio.Event()
        if not hold:
            self.release.set()

    async def recognize(self, job_id: str, image_id: str) -> None:
        await self.begun.put(image_id)
        try:
            await self.release.wait()
        except asyncio.CancelledError:
            await self.stopped.put(image_id)
            raise
        await self.ended.put(image_id)

    async def finish(self, job_id: str) -> None:
        await self.ended.put(job_id)

    @asynccontextmanager
    async def open(self, url: str, **more: float) -> AsyncGenerator[asyncio.Event]:
        stop = asyncio.Event()
        tasks = Tasks(self.recognize, self.finish)
        loop = WorkerLoop(url, tasks, remote_concurrency=3, lease=timedelta(seconds=1), **more)
        running = asyncio.create_task(loop.run(stop))
        try:
            yield stop
        finally:  # a worker that is left would take the tasks of the next test
            stop.set()
            await running


async def test_a_second_add_is_no_second_run(queue: DocketQueue, url: str) -> None:
    place, job_id, image_id, last = Workplace(hold=True), new_id(), new_id(), new_id()
    await asyncio.gather(*(queue.add_image(job_id, image_id, remote=False) for _ in range(5)))
    async with place.open(url):
        assert await place.begun.get() == image_id
        await queue.add_image(job_id, image_id, remote=False)  # while it runs
        await queue.add_finish(last)
        place.release.set()

        assert [await place.ended.get(), await place.ended.get()] == [image_id, last]
    assert place.begun.empty()


async def test_work_can_be_asked_for_again_when_it_is_over(queue: DocketQueue, url: str) -> None:
    place, image_id = Workplace(), new_id()
    async with place.open(url):
        for _ in range(3):
            await queue.add_image("job", image_id, remote=False)
            assert await place.ended.get() == image_id
            marker = new_id()
            await queue.add_finish(marker)  # runs after the first is acknowledged
            assert await place.ended.get() == marker


async def test_cancelled_work_does_not_begin(queue: DocketQueue, url: str) -> None:
    place, job_id, dropped, kept = Workplace(), new_id(), new_id(), new_id()
    await queue.add_image(job_id, dropped, remote=False)
    await queue.add_finish(job_id)
    await queue.add_image(job_id, kept, remote=False)

    await queue.cancel(job_id, [dropped])

    async with place.open(url):
        assert await place.ended.get() == kept
    assert place.begun.get_nowait() == kept
    assert place.ended.empty()


@pytest.mark.parametrize("remote", [False, True])
async def test_cancelled_work_is_interrupted_within_a_second(
    remote: bool, queue: DocketQueue, url: str
) -> None:
    place, image_id = Workplace(hold=True), new_id()
    async with place.open(url):
        await queue.add_image("job", image_id, remote=remote)
        await place.begun.get()

        async with asyncio.timeout(1):
            await queue.cancel("job", [image_id])
            assert await place.stopped.get() == image_id


async def test_remote_work_runs_side_by_side_and_not_in_the_way_of_local(
    queue: DocketQueue, url: str
) -> None:
    place = Workplace(hold=True)
    remote, local = {new_id() for _ in range(3)}, [new_id(), new_id()]
    async with place.open(url):
        for image_id in remote:
            await queue.add_image("job", image_id, remote=True)
        for image_id in local:
            await queue.add_image("job", image_id, remote=False)

        begun = {await place.begun.get() for _ in range(4)}

        assert begun == {*remote, local[0]}
        place.release.set()
        assert {await place.ended.get() for _ in range(5)} == {*remote, *local}


async def test_work_that_outlasts_the_drain_goes_to_another_worker(queue: DocketQueue, url: str) -> None:
    stubborn, image_id, other = Workplace(hold=True), new_id(), Workplace()
    async with stubborn.open(url, drain_s=0.1):
        await queue.add_image("job", image_id, remote=False)
        await stubborn.begun.get()

    assert await stubborn.stopped.get() == image_id
    async with other.open(url), asyncio.timeout(20):
        assert await other.ended.get() == image_id


async def test_work_longer_than_its_lease_is_not_begun_twice(queue: DocketQueue, url: str) -> None:
    place = Workplace(hold=True)
    async with place.open(url), place.open(url):
        await queue.add_image("job", new_id(), remote=False)
        await place.begun.get()

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3):  # three leases of a second
                await place.begun.get()
        place.release.set()


async def test_work_that_fails_does_not_end_the_worker(queue: DocketQueue, url: str) -> None:
    place, image_id = Workplace(), new_id()

    async def fail(job_id: str, image_id: str) -> None:
        await place.begun.put(image_id)
        raise RuntimeError("a fault of our own")

    stop = asyncio.Event()
    loop = WorkerLoop(url, Tasks(fail, place.finish), lease=timedelta(seconds=1))
    running = asyncio.create_task(loop.run(stop))
    await queue.add_image("job", image_id, remote=False)
    await place.begun.get()
    await queue.add_finish(image_id[::-1])
    assert await place.ended.get() == image_id[::-1]
    stop.set()
    await running


async def test_only_workers_that_were_heard_of_lately_count(queue: DocketQueue, url: str) -> None:
    async with connect(url) as client:  # the second told so before the clock was put back
        await client.delete(f"{CORES}:workers")
        await client.zadd(f"{CORES}:workers", {"silent": time.time() - 60, "ahead": time.time() + 3600})
        assert await queue.workers() == 0

        async with Workplace().open(url):
            await until(queue.workers)


async def test_an_absent_server_is_unavailable(url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("gone")
    async with EmbeddedRedis(folder) as server, open_queue(server.url) as queue:
        await server.stop()

        with pytest.raises(Unavailable):
            await queue.add_image("job", new_id(), remote=False)
