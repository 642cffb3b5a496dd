"""The embedded server is a real one; it is killed here in the ways in which it may die."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
from pathlib import Path

import psutil
import pytest
from redis.asyncio import Redis

from app.errors import SetupError
from app.services.embedded_redis import EmbeddedRedis
from app.services.redis_service import connect
from app.services.socket_path import LONGEST, socket_path

pytestmark = pytest.mark.anyio

PARENT = """
import asyncio, sys
from pathlib import Path
from app.services.embedded_redis import EmbeddedRedis

async def main():
    async with EmbeddedRedis(Path(sys.argv[1])) as server:
        print(server.pid, flush=True)
        await server.wait()

asyncio.run(main())
"""


async def counted(url: str) -> int:
    async with connect(url) as client:
        return await client.incr("count")


async def test_data_outlives_stop_and_kill(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    await server.start()
    url = server.url
    assert await counted(url) == 1
    await server.stop()
    await server.start()
    assert await counted(url) == 2
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    assert await server.wait() == -signal.SIGKILL
    await server.start()
    assert await counted(url) == 3
    await server.stop()


async def test_every_acknowledged_write_outlives_a_kill_among_writes(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    await server.start()
    acknowledged = 0
    enough = asyncio.Event()

    async def write(client: Redis) -> None:
        nonlocal acknowledged
        while True:
            acknowledged = await client.incr("count")
            if acknowledged >= 300:
                enough.set()

    async with connect(server.url, patience=0) as client:
        writing = asyncio.create_task(write(client))
        await enough.wait()
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        with pytest.raises(Exception, match="onnect"):
            await writing
    await server.start()
    assert await counted(server.url) > acknowledged
    await server.stop()


async def test_a_client_goes_on_after_a_restart(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    await server.start()
    async with connect(server.url) as client:
        await client.set("a", "1")
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        await server.wait()
        restart = asyncio.create_task(server.start())
        assert await client.get("a") == "1"  # waits for the server instead of failing
        await restart
    await server.stop()


async def test_a_client_waits_while_a_restarted_server_loads_its_data(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    await server.start()
    async with connect(server.url, patience=30) as client:
        await client.eval("for i = 1, 300000 do redis.call('set', KEYS[1], i) end", 1, "a")
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        await server.wait()
        restart = asyncio.create_task(server.start())
        assert await client.get("a") == "300000"
        await restart
    await server.stop()


async def test_it_dies_with_a_killed_parent_and_the_successor_waits_for_it(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    orphan = psutil.Process(int(await parent.stdout.readline()))
    url = EmbeddedRedis(tmp_path).url
    assert await counted(url) == 1
    parent.kill()
    async with EmbeddedRedis(tmp_path):  # at once, while the orphan may still be writing
        assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
        assert await counted(url) == 2
    await parent.wait()


async def test_only_this_user_can_reach_it(tmp_path: Path) -> None:
    async with EmbeddedRedis(tmp_path) as server:
        path = socket_path(tmp_path / "redis")
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert server.pid
        assert not psutil.Process(server.pid).net_connections("inet")


@pytest.mark.parametrize("name", ["with space and 'quotes\" é #", "x" * 120])
async def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    async with EmbeddedRedis(folder) as server:
        assert await counted(server.url) == 1
    assert (folder / "redis" / "appendonlydir").is_dir()
    assert len(os.fsencode(socket_path(folder / "redis"))) <= LONGEST


async def test_a_second_server_on_one_folder_is_refused(tmp_path: Path) -> None:
    async with EmbeddedRedis(tmp_path):
        with pytest.raises(SetupError, match="DATA_DIR of its own"):
            await EmbeddedRedis(tmp_path, patience=0.2).start()


async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="DATA_DIR"):
        await EmbeddedRedis(tmp_path / "file").start()


async def test_damaged_data_is_named_with_what_to_do(tmp_path: Path) -> None:
    async with EmbeddedRedis(tmp_path) as server:
        await counted(server.url)
        await counted(server.url)
    [log] = (tmp_path / "redis" / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(b"nonsense" + log.read_bytes()[8:])
    with pytest.raises(SetupError, match="check-aof"):
        await EmbeddedRedis(tmp_path).start()


async def test_a_write_cut_in_the_middle_is_forgiven(tmp_path: Path) -> None:
    async with EmbeddedRedis(tmp_path) as server:
        await counted(server.url)
        await counted(server.url)
    [log] = (tmp_path / "redis" / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(log.read_bytes()[:-3])
    async with EmbeddedRedis(tmp_path) as server:
        assert await counted(server.url) == 2
