"""Whole deployments whose processes are killed, stopped and put into another time at random points: what was
accepted is finished, and once."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.support.campaign import Campaign
from tests.support.clock import JumpingClock
from tests.support.server import RunningServer
from tests.support.web_with_engine import LEASE_S

pytestmark = pytest.mark.anyio
COMMAND = ("tests.support.web_with_engine",)
CLOCK = {"clock ahead": 1, "clock back": -1}
"""Hours from the true time."""


def processes(server: RunningServer, kind: str) -> list[psutil.Process]:
    return server.children({"worker": "worker_with_engine", "store": "valkey-server"}[kind])


async def harm(server: RunningServer, clock: JumpingClock, kind: str) -> None:
    """One process of the kind dies, or (`asleep`) a worker stands still for longer than its lease, or the
    machine's clock is put ahead or back."""
    if kind == "web":  # and with it the supervisor
        orphans = await asyncio.to_thread(server.kill)
        assert not orphans, "what it had started dies with it"
        await asyncio.to_thread(server.start)
    elif kind == "all in order":  # as a deploy does it
        assert await asyncio.to_thread(server.stop) in (0, -signal.SIGTERM)
        await asyncio.to_thread(server.start)
    elif kind == "asleep":
        for worker in processes(server, "worker")[:1]:
            worker.send_signal(signal.SIGSTOP)
            with pytest.raises(psutil.TimeoutExpired):
                await asyncio.to_thread(worker.wait, 2.5 * LEASE_S)
            worker.send_signal(signal.SIGCONT)
    elif kind in CLOCK:
        clock.jump(CLOCK[kind])
    else:
        for process in processes(server, kind)[:1]:
            process.kill()


@contextmanager
def deployment(folder: Path, clock: JumpingClock | None, workers: int) -> Iterator[RunningServer]:
    """Web, supervisor, embedded server and workers, as `olmocr-backend serve` runs them."""
    settings = {"WORKER_PROCESSES": str(workers), **(clock.environment if clock else {})}
    server = RunningServer(folder, settings, command=COMMAND)
    server.start()
    try:
        yield server
    finally:
        server.stop()


EACH = ["worker", "store", "asleep", "web", "all in order"]


@pytest.mark.parametrize(
    ("jobs", "workers", "kinds", "seed"),
    [
        pytest.param(40, 1, EACH, 1, id="each once"),
        pytest.param(200, 2, [*CLOCK] * 4, 2, id="clock", marks=pytest.mark.soak),
        *(pytest.param(200, 2, [kind] * 8, 2, id=kind, marks=pytest.mark.soak) for kind in EACH),
        pytest.param(200, 2, EACH * 3, 3, id="all", marks=pytest.mark.soak),
    ],
)
@pytest.mark.timeout(3600)
async def test_killed_at_random_points(
    tmp_path: Path, jobs: int, workers: int, kinds: list[str], seed: int
) -> None:
    chance = random.Random(seed)
    points = sorted(chance.sample(range(jobs), len(kinds)))
    poisoned = frozenset(chance.sample(range(jobs), max(1, jobs // 40)))
    clock = JumpingClock(tmp_path / "clock")
    jumps = not CLOCK.keys().isdisjoint(kinds)  # such a clock is slow to look at
    with deployment(tmp_path / "data", clock if jumps else None, workers) as server:
        campaign = Campaign([server.base_url], seed)

        async def happen() -> None:
            for point, kind in zip(points, chance.sample(kinds, len(kinds)), strict=True):
                await campaign.until_over(point)
                await harm(server, clock, kind)

        await campaign.run(jobs, happen, poisoned)
