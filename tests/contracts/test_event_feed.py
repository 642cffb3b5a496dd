"""What a follower of a session sees, whatever happens to the connection, on a real server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from app.errors import Unavailable
from app.jobs.job import new_id
from app.jobs.ports import EventFeed, Following
from app.services import redis_keys
from app.services.embedded_redis import EmbeddedRedis
from app.services.redis_service import connect
from app.services.session_following import BUFFERED_EVENTS, RedisFollowing
from app.services.websocket_service import RedisEventFeed
from tests.support.event_stream import append, trim
from tests.support.redis_server import running_redis_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", params=["embedded", "redis"])
async def server_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    folder = tmp_path_factory.mktemp("feed")
    if request.param == "redis":
        async with running_redis_server(folder) as url:
            yield url
    else:
        async with EmbeddedRedis(folder) as server:
            yield server.url


@pytest.fixture
async def client(server_url: str) -> AsyncIterator[Redis]:
    async with connect(server_url) as client:
        yield client


@pytest.fixture
async def feed(client: Redis) -> AsyncIterator[EventFeed]:
    async with RedisEventFeed(client) as feed:
        yield feed


async def taken(following: Following, count: int) -> list[dict[str, Any]]:
    async with asyncio.timeout(20):
        return [json.loads(await anext(following)) for _ in range(count)]


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [event["number"] for event in events]


async def silent(following: Following) -> bool:
    """Nothing comes although there was time: an event of another kind was let through meanwhile."""
    try:
        async with asyncio.timeout(0.2):
            await anext(following)
    except TimeoutError:
        return True
    return False


async def test_a_late_client_gets_everything_then_live(client: Redis, feed: EventFeed) -> None:
    session = new_id()
    ids = [await append(client, session, n) for n in range(120)]
    async with feed.follow(session, None) as following:
        assert following.recovered
        replayed = await taken(following, 120)
        assert [(e["id"], e["seq"], e["number"]) for e in replayed] == [
            (ids[n], n + 1, n) for n in range(120)
        ]
        ids.append(await append(client, session, 120))
        [live] = await taken(following, 1)
        assert (live["id"], live["seq"], live["number"]) == (ids[-1], 121, 120)
        assert following.cursor == ids[-1]
        assert await silent(following)


async def test_an_early_client_gets_everything_live(client: Redis, feed: EventFeed) -> None:
    session = new_id()
    async with feed.follow(session, None) as following:
        assert following.recovered
        first = asyncio.create_task(taken(following, 3))
        for n in range(3):
            await append(client, session, n)
        assert numbers(await first) == [0, 1, 2]


async def test_resuming_after_each_event_gives_the_rest(client: Redis, feed: EventFeed) -> None:
    session = new_id()
    ids = [await append(client, session, n) for n in range(8)]
    for seen, event_id in enumerate(ids):
        async with feed.follow(session, event_id) as following:
            assert following.recovered
            assert following.cursor == event_id
            last = asyncio.create_task(append(client, session, 8 + seen))
            assert numbers(await taken(following, 8)) == list(range(seen + 1, seen + 9))
            await last


async def test_no_gap_and_no_double_while_events_pour_in(client: Redis, feed: EventFeed) -> None:
    session, total = new_id(), 500
    chance = random.Random(7)

    async def pour() -> None:
        for n in range(total):
            await append(client, session, n)

    async def follow_with_cuts() -> list[int]:
        seen: list[int] = []
        cursor: str | None = None
        while len(seen) < total:
            async with feed.follow(session, cursor) as following:
                assert following.recovered
                seen += numbers(await taken(following, min(chance.randint(1, 60), total - len(seen))))
                cursor = following.cursor
        return seen

    pouring = asyncio.create_task(pour())
    assert await asyncio.gather(*(follow_with_cuts() for _ in range(10))) == [list(range(total))] * 10
    await pouring


async def test_sessions_hear_their_own_events_alone(client: Redis, feed: EventFeed) -> None:
    one, other = new_id(), new_id()
    async with feed.follow(one, None) as following, feed.follow(other, None) as following_other:
        await append(client, one, 1)
        await append(client, other, 2)
        assert numbers(await taken(following, 1)) == [1]
        assert numbers(await taken(following_other, 1)) == [2]
        assert await silent(following)


async def test_a_trimmed_cursor_is_not_recovered_and_the_rest_follows(client: Redis, feed: EventFeed) -> None:
    session = new_id()
    ids = [await append(client, session, n) for n in range(20)]
    await trim(client, session, 5)
    for after, whole in ((None, False), (ids[3], False), (ids[15], True), (ids[19], True)):
        async with feed.follow(session, after) as following:
            assert following.recovered is whole
            if after != ids[19]:
                rest = [n for n in range(15, 20) if after is None or n > ids.index(after)]
                assert numbers(await taken(following, len(rest))) == rest


async def test_an_erased_job_in_the_middle_is_no_loss(client: Redis, feed: EventFeed) -> None:
    session = new_id()
    ids = [await append(client, session, n) for n in range(10)]
    await client.xdel(redis_keys.session_events(session), *ids[3:7])
    async with feed.follow(session, ids[4]) as following:
        assert following.recovered
        assert numbers(await taken(following, 3)) == [7, 8, 9]
    async with feed.follow(session, None) as following:
        assert numbers(await taken(following, 6)) == [0, 1, 2, 7, 8, 9]


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "1", "-", "$", "1-1-1", "-1-0", "99999999999999999999-0", "١-١", "9" * 500, "1-0\r\nX"],
)
async def test_a_nonsense_cursor_begins_at_the_beginning(client: Redis, feed: EventFeed, cursor: str) -> None:
    session = new_id()
    await append(client, session, 0)
    async with feed.follow(session, cursor) as following:
        assert not following.recovered
        assert numbers(await taken(following, 1)) == [0]


async def test_a_cursor_of_the_future_or_of_a_gone_stream_misses_nothing(
    client: Redis, feed: EventFeed
) -> None:
    session = new_id()
    await append(client, session, 0)
    async with feed.follow(session, "18446744073709551615-1") as following:
        assert not following.recovered
        assert numbers(await taken(following, 1)) == [0]
        await append(client, session, 1)
        assert numbers(await taken(following, 1)) == [1]
    async with feed.follow(new_id(), "5-1") as following:
        assert not following.recovered


async def test_a_slow_reader_is_bounded_and_still_misses_nothing(client: Redis, feed: EventFeed) -> None:
    session = new_id()
    async with feed.follow(session, None) as slow, feed.follow(session, None) as quick:
        await append(client, session, 0)
        assert numbers(await taken(slow, 1)) == [0]
        for n in range(1, 10 * BUFFERED_EVENTS):
            await append(client, session, n, padding=1000)
        assert numbers(await taken(quick, 10 * BUFFERED_EVENTS)) == list(range(10 * BUFFERED_EVENTS))
        assert isinstance(slow, RedisFollowing)
        assert slow.buffered <= BUFFERED_EVENTS
        rest = 10 * BUFFERED_EVENTS - 1
        assert numbers(await taken(slow, rest)) == list(range(1, rest + 1))
        await append(client, session, rest + 1)
        assert numbers(await taken(slow, 1)) == [rest + 1]


async def test_a_reader_who_is_slower_than_the_trimming_is_cut_off(client: Redis, feed: EventFeed) -> None:
    session = new_id()
    async with feed.follow(session, None) as slow, feed.follow(session, None) as quick:
        await append(client, session, 0)
        await taken(slow, 1)
        for n in range(1, 200):
            await append(client, session, n)
        await trim(client, session, 10)
        await taken(quick, 1)
        async with asyncio.timeout(5):
            assert [event async for event in slow] == []  # it ends instead of jumping over a gap
    async with feed.follow(session, slow.cursor) as again:
        assert not again.recovered
        assert numbers(await taken(again, 10)) == list(range(190, 200))


async def test_waiting_can_be_cancelled_without_loss(client: Redis, feed: EventFeed) -> None:
    session, total, chance = new_id(), 200, random.Random(7)
    seen: list[int] = []
    async with feed.follow(session, None) as following:
        pouring = asyncio.create_task(appended(client, session, total))
        while len(seen) < total:
            waiting = asyncio.create_task(taken(following, 1))
            await asyncio.wait([waiting], timeout=chance.uniform(0, 0.002))
            waiting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                seen += numbers(await waiting)
        await pouring
    assert seen == list(range(total))


async def appended(client: Redis, session: str, total: int) -> None:
    for n in range(total):
        await append(client, session, n)


async def test_all_followers_share_one_connection_and_leave_nothing_behind(
    client: Redis, feed: EventFeed
) -> None:
    sessions = [new_id() for _ in range(100)]
    followings = [feed.follow(session, None) for session in sessions for _ in range(2)]
    await asyncio.gather(*(following.__aenter__() for following in followings))
    listening = [c for c in await client.client_list() if int(c["sub"]) > 0]
    assert [int(c["sub"]) for c in listening] == [100]
    for following in followings:
        await following.__aexit__(None, None, None)

    async def nobody_listens() -> bool:
        return not await client.pubsub_channels()

    assert await until(nobody_listens)


async def test_a_server_restart_in_the_middle_loses_and_doubles_nothing(tmp_path: Path) -> None:
    session, total = new_id(), 300
    server = EmbeddedRedis(tmp_path)
    await server.start()
    third, two_thirds = asyncio.Event(), asyncio.Event()

    async with connect(server.url, patience=10) as client, RedisEventFeed(client) as feed:

        async def pour() -> None:
            for n in range(total):
                if n == total // 3:
                    third.set()
                    await two_thirds.wait()
                await append(client, session, n)

        async def restart() -> None:
            await third.wait()
            assert server.pid
            os.kill(server.pid, signal.SIGKILL)
            await server.wait()
            await server.start()
            two_thirds.set()

        async with feed.follow(session, None) as following:
            tasks = [asyncio.create_task(pour()), asyncio.create_task(restart())]
            assert numbers(await taken(following, total)) == list(range(total))
            await asyncio.gather(*tasks)
            # and what is appended before the feed is back comes too
            os.kill(server.pid or 0, signal.SIGKILL)
            await server.wait()
            await server.start()
            await append(client, session, total)
            assert numbers(await taken(following, 1)) == [total]
    await server.stop()


async def test_without_a_server_following_is_refused_with_a_name(tmp_path: Path) -> None:
    client = connect(f"unix://{tmp_path}/none.sock", patience=0)
    async with client, RedisEventFeed(client, patience=0.3) as feed:
        with pytest.raises(Unavailable):
            await feed.follow(new_id(), None).__aenter__()
