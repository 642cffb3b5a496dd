from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvloop

from app.errors import SetupError, Unavailable
from app.services.embedded_redis import EmbeddedRedis
from app.services.redis_service import connect, is_ready, translate_errors, wait_until_ready
from tests.support.waiting import turns

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedRedis]:
    async with EmbeddedRedis(tmp_path_factory.mktemp("service")) as server:
        yield server


@pytest.mark.parametrize(
    "url",
    [
        "http://user:sekret@host/0",
        "redis://user:sekret@host:port/0",
        "redis://user:sek/ret@host:1/0",
        "redis://user:sekret@host/0?no_such_option=1",
        "nonsense-sekret",
        "",
    ],
)
async def test_a_wrong_url_is_named_and_not_repeated(url: str) -> None:
    with pytest.raises(SetupError, match="REDIS_URL") as error:
        connect(url)
    assert "sek" not in str(error.value)
    assert error.value.__cause__ is None


async def test_a_wrong_password_is_told_at_once(server: EmbeddedRedis) -> None:
    async with connect(server.url) as admin:
        await admin.acl_setuser("guest", enabled=True, passwords=["+right"], categories=["+@all"], keys="*")
    async with connect(server.url.replace("unix://", "unix://guest:right@")) as client:
        await wait_until_ready(client, 5)
    async with connect(server.url.replace("unix://", "unix://guest:wrong-sekret@")) as client:
        with pytest.raises(SetupError, match="password") as error:
            await wait_until_ready(client, 30)
        assert "sekret" not in str(error.value)


def test_a_server_that_dies_while_we_connect_is_away_on_the_loop_of_the_server_too() -> None:
    """uvloop tells a connection that is closed already by an error of its own."""

    def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def ask(url: str) -> None:
        async with connect(url, patience=0.1) as client:
            with pytest.raises(Unavailable), translate_errors():
                await client.get("x")

    async def all_ask() -> None:
        async with await asyncio.start_server(hang_up, "127.0.0.1") as server:
            port = server.sockets[0].getsockname()[1]
            await asyncio.gather(*(ask(f"redis://127.0.0.1:{port}/0") for _ in range(30)))

    uvloop.run(all_ask())


async def test_a_server_that_is_away(tmp_path: Path) -> None:
    async with connect(f"unix://{tmp_path}/none", patience=0) as client:
        assert not await is_ready(client)
        with pytest.raises(SetupError, match="REDIS_URL"):
            await wait_until_ready(client, 0.1)
        with pytest.raises(Unavailable) as error, translate_errors():
            await client.get("x")
        assert error.value.retry_after > 0
        assert str(tmp_path) not in error.value.message


async def test_a_server_that_starts_late_is_waited_for(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    async with connect(server.url, patience=0) as client:
        waiting = asyncio.create_task(wait_until_ready(client, 10))
        async with server:
            await waiting
            assert await client.ping()


async def test_a_full_server_is_unavailable(server: EmbeddedRedis) -> None:
    async with connect(server.url) as client:
        await client.config_set("maxmemory", "1")
        try:
            with pytest.raises(Unavailable), translate_errors():
                await client.set("x", "y")
        finally:
            await client.config_set("maxmemory", "0")


async def test_more_callers_than_connections_wait_for_their_turn(server: EmbeddedRedis) -> None:
    async with connect(server.url, max_connections=2) as client:
        await client.set("count", 0)
        answers = await asyncio.gather(*(client.incr("count") for _ in range(100)))
        assert sorted(answers) == list(range(1, 101))
        assert len(await client.client_list()) <= 3


async def test_a_cancelled_command_ends_its_task(server: EmbeddedRedis) -> None:
    async with connect(server.url) as client:

        async def forever() -> None:
            while True:
                await client.get("x")

        for ticks in range(60):  # cancelled in every phase of a command
            task = asyncio.create_task(forever())
            await turns(ticks)
            task.cancel()
            done, _ = await asyncio.wait([task], timeout=5)
            assert done, f"cancellation was swallowed after {ticks} turns of the loop"
            assert task.cancelled()
