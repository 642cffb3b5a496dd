"""Whole deployments whose processes are killed at random points: what was accepted is finished, and once."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.campaign import Campaign
from tests.support.server import RunningServer
from tests.support.web_with_engine import LEASE_S

pytestmark = pytest.mark.anyio
COMMAND = ("tests.support.web_with_engine",)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """Web, supervisor, embedded server and two workers, as `olmocr-backend serve` runs them."""
    server = RunningServer(tmp_path / "data", {"WORKER_PROCESSES": "2"}, command=COMMAND)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def processes(server: RunningServer, kind: str) -> list[psutil.Process]:
    return server.children({"worker": "worker_with_engine", "store": "valkey-server"}[kind])


async def harm(server: RunningServer, kind: str) -> None:
    """One process of the kind dies, or (`asleep`) a worker stands still for longer than its lease."""
    if kind == "web":  # and with it the supervisor: nothing of the deployment is left
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
    elif kind == "asleep":
        for worker in processes(server, "worker")[:1]:
            worker.send_signal(signal.SIGSTOP)
            with pytest.raises(psutil.TimeoutExpired):
                await asyncio.to_thread(worker.wait, 2.5 * LEASE_S)
            worker.send_signal(signal.SIGCONT)
    else:
        for process in processes(server, kind)[:1]:
            process.kill()


@pytest.mark.parametrize(
    ("jobs", "kinds", "seed"),
    [
        pytest.param(40, ["worker", "store", "asleep", "web"], 1, id="each once"),
        *(
            pytest.param(200, [kind] * 8, 2, id=kind, marks=pytest.mark.soak)
            for kind in ("worker", "store", "web", "asleep")
        ),
        pytest.param(200, ["worker", "store", "web", "asleep"] * 5, 3, id="all", marks=pytest.mark.soak),
    ],
)
@pytest.mark.timeout(3600)
async def test_killed_at_random_points(server: RunningServer, jobs: int, kinds: list[str], seed: int) -> None:
    chance = random.Random(seed)
    campaign = Campaign([server.base_url], seed)
    points = sorted(chance.sample(range(jobs), len(kinds)))
    poisoned = frozenset(chance.sample(range(jobs), max(1, jobs // 40)))

    async def happen() -> None:
        for point, kind in zip(points, chance.sample(kinds, len(kinds)), strict=True):
            await campaign.until_over(point)
            await harm(server, kind)

    await campaign.run(jobs, happen, poisoned)
