"""Two web processes, workers and an administrator's Valkey: it restarts, is cut off, slow, dumb or full among
jobs; a session's stream goes on through cut sockets, readers that never read, and bells that get lost."""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect

from app.jobs.job import new_id
from app.services.redis_service import connect as connect_redis
from tests.faults.conftest import Deployment
from tests.support.api import TERMINAL, json_batch
from tests.support.campaign import Campaign
from tests.support.event_stream import append, trim
from tests.support.raw_socket import CLOSE, RawSocket, unread_stream
from tests.support.server import RunningServer
from tests.support.waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(3600)]
Event = dict[str, Any]
Fault = Callable[[Deployment, Campaign], Awaitable[None]]


@pytest.fixture
async def redis(deployment: Deployment) -> AsyncIterator[Redis]:
    async with connect_redis(deployment.store.url) as client:
        yield client


def socket_of(web: RunningServer, session: str, after: str = "") -> connect:
    cursor = f"?after={after}" if after else ""
    return connect(f"{web.ws_url}/api/v1/ws/session/{session}{cursor}", max_queue=None)


async def received(socket: ClientConnection, seconds: float = 60) -> Event:
    async with asyncio.timeout(seconds):
        return json.loads(await socket.recv())


async def rest_of(web: RunningServer, session: str, count: int, after: str = "") -> list[Event]:
    """So many events after the cursor."""
    async with socket_of(web, session, after) as socket:
        assert (await received(socket))["recovered"]
        return [await received(socket) for _ in range(count)]


async def submitted(web: RunningServer, session: str, images: int) -> str:
    batch = json_batch(*((f"{n}.png", f"{n}|{session}".encode()) for n in range(images)), reuse=False)
    async with httpx.AsyncClient(base_url=web.base_url, timeout=60) as client:
        answer = await client.post("/api/v1/convert/batch", json=batch, headers={"X-Session-Id": session})
    return answer.raise_for_status().json()["job_id"]


async def cut_after_each_message(deployment: Deployment, session: str) -> list[Event]:
    """The session's log until its job is over, of each connection one event, on each web process in turn."""
    log: list[Event] = []
    for web in itertools.cycle(deployment.webs):
        async with socket_of(web, session, log[-1]["id"] if log else "") as socket:
            assert (await received(socket))["recovered"]
            log.append(await received(socket))
            socket.transport.abort()  # without a farewell
        if log[-1]["type"] in TERMINAL:
            return log
    raise AssertionError


async def test_cut_at_every_boundary_and_resumed_on_the_other_web_process(deployment: Deployment) -> None:
    session = new_id()
    live = asyncio.create_task(cut_after_each_message(deployment, session))
    await submitted(deployment.webs[0], session, 6)
    log = await live

    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    assert len(log) > 10
    for web in deployment.webs:  # who connects after the end
        assert await rest_of(web, session, len(log)) == log
    assert await cut_after_each_message(deployment, session) == log


async def test_cursor_that_was_trimmed_brings_a_snapshot_from_the_other_web_process(
    deployment: Deployment, redis: Redis
) -> None:
    session = new_id()
    job = await submitted(deployment.webs[0], session, 2)
    log = await cut_after_each_message(deployment, session)
    await trim(redis, session, 2)

    for web in deployment.webs:
        async with socket_of(web, session, log[1]["id"]) as socket:
            first = await received(socket)
            assert first["recovered"] is False
            assert [(each["job_id"], each["status"]) for each in first["jobs"]] == [(job, "completed")]
            assert [await received(socket) for _ in range(2)] == log[-2:]


async def bell_cut(deployment: Deployment) -> None:
    deployment.proxy.cut()


async def store_killed(deployment: Deployment) -> None:
    await deployment.store.end(signal.SIGKILL)
    await deployment.store.start()
    deployment.proxy.cut()


@pytest.mark.parametrize("lose", [bell_cut, store_killed])
async def test_event_whose_bell_was_lost_comes_all_the_same(
    deployment: Deployment, redis: Redis, lose: Callable[[Deployment], Any]
) -> None:
    session = new_id()
    async with socket_of(deployment.webs[0], session) as one, socket_of(deployment.webs[1], session) as two:
        for socket in (one, two):
            await received(socket)
        await append(redis, session, 0)
        assert [(await received(socket))["number"] for socket in (one, two)] == [0, 0]

        with deployment.proxy.held():
            await append(redis, session, 1)  # is in the stream, and its bell on the way
            await lose(deployment)
        assert [(await received(socket))["number"] for socket in (one, two)] == [1, 1]

        async with connect_redis(deployment.store.url) as again:
            await append(again, session, 2)
        assert [(await received(socket))["number"] for socket in (one, two)] == [2, 2]


EVENTS, PADDING = 500, 16_000
"""More than kernels keep for a client that takes nothing."""


async def pour(redis: Redis, session: str) -> None:
    for n in range(EVENTS):
        await append(redis, session, n, padding=PADDING)


async def test_who_wakes_up_in_time_is_told_why_and_goes_on(deployment: Deployment, redis: Redis) -> None:
    web, session = deployment.webs[0], new_id()
    with RawSocket(web.port, f"/api/v1/ws/session/{session}", receive_buffer=4096) as sleeper:
        await pour(redis, session)
        await asyncio.to_thread(web.wait_for_log, "socket closed by the server .*code=1013")
        *events, close = await asyncio.to_thread(list, sleeper.frames())

    assert (close.opcode, int.from_bytes(close.payload[:2], "big")) == (CLOSE, 1013)
    seen = [json.loads(frame.payload) for frame in events][1:]
    rest = await rest_of(deployment.webs[1], session, EVENTS - len(seen), seen[-1]["id"])
    assert [event["number"] for event in seen + rest] == list(range(EVENTS))


async def test_who_never_reads_is_cut_off_and_harms_nobody(deployment: Deployment, redis: Redis) -> None:
    web, session, crowd = deployment.webs[0], new_id(), 16
    process = psutil.Process(web.process.pid)
    socket, stream = f"/api/v1/ws/session/{session}", f"/api/v1/sessions/{session}/events"
    with ExitStack() as clients:
        sockets = [RawSocket(web.port, socket, receive_buffer=4096) for _ in range(crowd)]
        streams = [unread_stream(web.port, stream) for _ in range(2)]
        for client in (*sockets, *streams):
            clients.enter_context(client)
        ports = {client.port for client in sockets} | {client.getsockname()[1] for client in streams}
        before = process.memory_info().rss
        reader = asyncio.create_task(rest_of(web, session, EVENTS))
        await pour(redis, session)

        assert [event["number"] for event in await reader] == list(range(EVENTS))
        # a fifth may wait for each (BUFFERED_EVENTS); the rest of the half is what allocators keep
        assert process.memory_info().rss - before < crowd * EVENTS * PADDING / 2

        async def all_are_gone() -> bool:
            return not [c for c in process.net_connections("tcp") if c.raddr and c.raddr.port in ports]

        await until(all_are_gone, 60)


async def test_worker_that_dies_when_the_clock_was_put_back_keeps_no_task(
    deployment: Deployment, redis: Redis, tmp_path: Path
) -> None:
    """Its lease, and its turn at looking for leases that are over, seem to last an hour."""
    web, session, release = deployment.webs[0], new_id(), tmp_path / "release"

    async def store_is_ahead(hours: float) -> None:
        deployment.clock.jump(hours)
        await until(lambda: is_near(time.time() + 3600 * hours))

    async def is_near(moment: float) -> bool:
        seconds, _ = await redis.time()
        return abs(seconds - moment) < 60

    await store_is_ahead(1)
    async with socket_of(web, session) as socket:
        await received(socket)
        batch = json_batch(("a.png", f"until {release}".encode()), reuse=False)
        async with httpx.AsyncClient(base_url=web.base_url, timeout=60) as client:
            answer = await client.post("/api/v1/convert/batch", json=batch, headers={"X-Session-Id": session})
        assert answer.status_code == 202
        while (await received(socket)).get("current_image") is None:
            pass
        workers = [worker for web in deployment.webs for worker in web.children("worker_with_engine")]
        for worker in workers:
            worker.suspend()
        await store_is_ahead(0)
        for worker in workers:
            worker.kill()
        release.touch()

        while (event := await received(socket, 120))["type"] not in TERMINAL:
            pass
    assert event["status"] == "completed"


async def rolled(deployment: Deployment, campaign: Campaign) -> None:
    """A web process and its worker are stopped in order and started anew: clients see no more of it than a
    socket that ends, and an address where nobody listens for a while. What was begun is answered."""
    [web, _], begun = deployment.webs, asyncio.Event()
    seen = campaign.errors_at(web.base_url)

    async def slow_body() -> AsyncIterator[bytes]:
        body = json.dumps(json_batch(("late.png", b"a|b"))).encode()
        yield body[:20]
        begun.set()
        await asyncio.to_thread(web.wait_for_log, "Shutting down")
        yield body[20:]

    async with httpx.AsyncClient(base_url=web.base_url, timeout=60) as client:
        headers = {"Content-Type": "application/json"}
        post = client.post("/api/v1/convert/batch", content=slow_body(), headers=headers)
        answered = asyncio.create_task(post)
        await begun.wait()
        await asyncio.to_thread(web.stop)
        answer = await answered
        assert answer.status_code == 202, answer.text
    await asyncio.to_thread(web.start)
    assert "Traceback" not in web.log
    assert campaign.errors_at(web.base_url) == seen


async def restarted(deployment: Deployment, campaign: Campaign) -> None:
    await deployment.store.end(signal.SIGTERM)
    await deployment.store.start()


async def killed(deployment: Deployment, campaign: Campaign) -> None:
    await deployment.store.end(signal.SIGKILL)
    await deployment.store.start()


async def cut_off(deployment: Deployment, campaign: Campaign) -> None:
    """In the middle of whatever is on its way: commands without an answer, answers without a reader."""
    for over in range(campaign.over, campaign.over + 4):
        deployment.proxy.cut()
        await campaign.until_over(over)


async def slow(deployment: Deployment, campaign: Campaign) -> None:
    deployment.proxy.delay_s = 0.03
    await campaign.until_over(campaign.over + 2)
    deployment.proxy.delay_s = 0


async def dumb(deployment: Deployment, campaign: Campaign) -> None:
    await deployment.proxy.stand_still(7)  # longer than a command may take


async def full(deployment: Deployment, campaign: Campaign) -> None:
    async with connect_redis(deployment.store.url) as admin:
        await admin.config_set("maxmemory", "1mb")
        await campaign.until_unavailable()
        await admin.config_set("maxmemory", "0")


async def time_jumps(deployment: Deployment, campaign: Campaign) -> None:
    """An hour ahead: every lease is over. Back again: what was set since then lasts an hour longer."""
    for hours in (1, 0):
        deployment.clock.jump(hours)
        await campaign.until_over(campaign.over + 3)


FAULTS: list[Fault] = [rolled, time_jumps, restarted, cut_off, slow, full, killed, dumb]


@pytest.mark.parametrize(
    ("jobs", "faults"),
    [
        pytest.param(36, FAULTS, id="each once"),
        *(pytest.param(200, [each] * 6, id=each.__name__, marks=pytest.mark.soak) for each in FAULTS),
    ],
)
async def test_nothing_is_lost_or_doubled(deployment: Deployment, jobs: int, faults: list[Fault]) -> None:
    campaign = Campaign(deployment.bases)

    async def happen() -> None:
        for number, fault in enumerate(faults):
            await campaign.until_over(1 + number * (jobs - 10) // len(faults))
            await fault(deployment, campaign)

    await campaign.run(jobs, happen)
