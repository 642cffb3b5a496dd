"""Web processes that share a data folder, as real processes; they are stopped and killed here."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from app.errors import SetupError
from app.services.embedded_redis import EmbeddedRedis
from app.services.local_stack import LocalStack
from app.services.redis_service import connect, wait_until_ready
from tests.support.waiting import until

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]


class WebProcess:
    """A process of tests.support.stack_process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    async def said(self) -> str:
        assert self._process.stdout
        async with asyncio.timeout(30):
            return (await self._process.stdout.readline()).decode().strip()

    async def end(self, number: signal.Signals) -> int:
        self._process.send_signal(number)
        async with asyncio.timeout(30):
            return await self._process.wait()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.pid).children(recursive=True)


@asynccontextmanager
async def web_process(folder: Path, *, workers: int = 1, url: str | None = None) -> AsyncIterator[WebProcess]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.stack_process", str(folder), str(workers)),
        *([url] if url else []),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield WebProcess(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def log_lines(folder: Path, count: int, word: str) -> list[str]:
    """The workers' log, once it holds so many lines with this word."""

    async def lines() -> list[str]:
        log = folder / "workers.log"
        found = log.read_text().splitlines() if log.exists() else []
        return found if len([line for line in found if line.startswith(word)]) >= count else []

    return await until(lines)


async def gone(processes: list[psutil.Process]) -> None:
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes, timeout=10)
    assert alive == []


async def counted(url: str) -> int:
    async with connect(url, patience=10) as client:
        await wait_until_ready(client, 10)
        return await client.incr("count")


async def test_one_process_brings_server_and_workers_and_takes_them_down(tmp_path: Path) -> None:
    url = EmbeddedRedis(tmp_path).url
    async with web_process(tmp_path, workers=2) as web:
        assert await web.said() == f"serving {url}"
        assert await counted(url) == 1
        await log_lines(tmp_path, 2, "began")
        children = web.children()
        assert len(children) == 3
        assert await web.end(signal.SIGTERM) == 0
        await gone(children)
    lines = await log_lines(tmp_path, 2, "drained")
    assert all(line.endswith(url) for line in lines)
    assert len(lines) == 4


async def test_processes_on_one_folder_share_one_stack(tmp_path: Path) -> None:
    async with web_process(tmp_path) as one, web_process(tmp_path) as other, web_process(tmp_path) as third:
        webs = [one, other, third]
        assert len({await web.said() for web in webs}) == 1
        await log_lines(tmp_path, 1, "began")
        assert sorted(len(web.children()) for web in webs) == [0, 0, 2]
        for web in webs:
            await web.end(signal.SIGTERM)


async def test_a_killed_leader_leaves_no_orphans_and_a_follower_takes_over(tmp_path: Path) -> None:
    async with web_process(tmp_path) as leader:
        await leader.said()
        await log_lines(tmp_path, 1, "began")
        children = leader.children()
        url = EmbeddedRedis(tmp_path).url
        async with web_process(tmp_path) as follower:
            await follower.said()
            assert await counted(url) == 1
            await leader.end(signal.SIGKILL)
            await gone(children)
            await log_lines(tmp_path, 2, "began")
            assert await counted(url) == 2
            assert len(follower.children()) == 2
            await follower.end(signal.SIGTERM)
    assert len(await log_lines(tmp_path, 1, "drained")) == 3  # the killed worker never drained


async def test_a_leader_that_leaves_hands_over(tmp_path: Path) -> None:
    async with web_process(tmp_path) as leader:
        await leader.said()
        async with web_process(tmp_path) as follower:
            url = (await follower.said()).removeprefix("serving ")
            assert await counted(url) == 1
            await log_lines(tmp_path, 1, "began")  # before it blocks SIGTERM a worker dies without a word
            await leader.end(signal.SIGTERM)
            await log_lines(tmp_path, 2, "began")
            assert await counted(url) == 2
            await follower.end(signal.SIGTERM)


async def test_what_dies_is_started_again(tmp_path: Path) -> None:
    async with web_process(tmp_path) as web:
        url = (await web.said()).removeprefix("serving ")
        assert await counted(url) == 1
        [first] = await log_lines(tmp_path, 1, "began")
        os.kill(int(first.split()[1]), signal.SIGKILL)
        await log_lines(tmp_path, 2, "began")
        [server] = [child for child in web.children() if "server" in child.name()]
        server.kill()
        assert await counted(url) == 2
        await web.end(signal.SIGTERM)


async def test_with_a_given_server_only_workers_are_ours(tmp_path: Path) -> None:
    async with (
        EmbeddedRedis(tmp_path / "elsewhere") as server,
        web_process(tmp_path, workers=2, url=server.url) as web,
    ):
        assert await web.said() == f"serving {server.url}"
        lines = await log_lines(tmp_path, 2, "began")
        assert all(line.endswith(server.url) for line in lines)
        assert len(web.children()) == 2
        await web.end(signal.SIGTERM)


async def test_a_folder_in_use_is_refused_when_asked_for_alone(tmp_path: Path) -> None:
    async with LocalStack(tmp_path, workers=0, env={}, exclusive=True):
        with pytest.raises(SetupError, match="DATA_DIR") as error:
            await LocalStack(tmp_path, workers=0, env={}, exclusive=True).__aenter__()
    assert error.value.code == "data_dir_in_use"
    async with LocalStack(tmp_path, workers=0, env={}, exclusive=True) as stack:
        assert await counted(stack.redis_url) == 1


async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="DATA_DIR"):
        await LocalStack(tmp_path / "file", workers=0, env={}).__aenter__()
    (tmp_path / "data" / "redis").parent.mkdir()
    (tmp_path / "data" / "redis").touch()
    with pytest.raises(SetupError, match="DATA_DIR"):
        await LocalStack(tmp_path / "data", workers=0, env={}).__aenter__()
