"""The service under load, without its engine's work: `python -m bench.service` (`make bench-service`).

A whole deployment on this machine (web, embedded server, workers whose engine takes 10 ms). Measured: seconds
from the post to the first event and to the end, images a second by number of workers, many sessions at once,
memory of every process over many images. Prints a table, writes bench/out/service.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx
import psutil
from websockets.asyncio.client import connect

from tests.support.server import RunningServer

OUT = Path(__file__).parent / "out"
_TERMINAL = ("job_completed", "job_error")
_MIB = 2**20
_PATIENCE_S = 900.0


@dataclass(frozen=True, slots=True)
class Shape:
    """So many sessions, each with a job of so many images, and so many sessions at a time."""

    sessions: int
    images: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Run:
    """Figures of one deployment under one load."""

    workers: int
    sessions: int
    images: int
    accepted_p50_s: float
    accepted_p99_s: float
    """From the begin of the post to its 202."""
    first_event_p50_s: float
    first_event_p99_s: float
    """From the 202 to the first event on a socket opened then."""
    jobs_per_s: float
    images_per_s: float
    cpu_s_per_image: float
    """Of all processes of the deployment."""
    cpu_by_process: dict[str, float]
    load_average: float
    """Of the machine in the last minute, this run's own processes included: what else ran slows the times,
    the processor seconds much less."""
    lost: int
    """Jobs whose end no event told within `_PATIENCE_S`."""


@dataclass(frozen=True, slots=True)
class Soak:
    """Memory before and after many images, by process."""

    run: Run
    """The images after the warm-up."""
    warm_mib: dict[str, float]
    end_mib: dict[str, float]
    growth_bytes_per_image: dict[str, float]


@contextmanager
def deployment(workers: int) -> Iterator[RunningServer]:
    with tempfile.TemporaryDirectory(prefix="bench-service-") as folder:
        settings = {"WORKER_PROCESSES": str(workers), "QUEUE_LIMIT": "100000"}
        server = RunningServer(Path(folder), settings, command=("tests.support.web_with_engine",))
        try:
            server.start()
            yield server
        finally:
            server.stop()


async def session(
    server: RunningServer, client: httpx.AsyncClient, images: int, tag: str
) -> tuple[float, float, bool]:
    """Seconds to the 202 and on to the first event, and whether the end was told."""
    files = [("images", (f"{n}.png", f"{tag}|{n}".encode(), "image/png")) for n in range(images)]
    began = time.perf_counter()
    answer = await client.post(f"{server.base_url}/api/v1/convert/batch", files=files)
    answer.raise_for_status()
    accepted = time.perf_counter()
    first = 0.0
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_S), _follow(server, answer) as socket:
            async for text in socket:
                kind = json.loads(text)["type"]
                if kind != "connection":
                    first = first or time.perf_counter() - accepted
                if kind in _TERMINAL:
                    return accepted - began, first, True
    return accepted - began, first or _PATIENCE_S, False


def _follow(server: RunningServer, answer: httpx.Response) -> connect:
    return connect(server.ws_url + answer.json()["websocket_url"], open_timeout=60, close_timeout=0.1)


async def load(server: RunningServer, workers: int, shape: Shape) -> Run:
    sessions, images = shape.sessions, shape.images
    before, began = cpu(server), time.perf_counter()
    turns = asyncio.Semaphore(shape.at_once)
    strangers = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # each post is a new session
    unlimited = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=300, limits=unlimited, cookies=strangers) as client:

        async def one(number: int) -> tuple[float, float, bool]:
            async with turns:
                return await session(server, client, images, f"{time.time_ns()}-{number}")

        done = await asyncio.gather(*(one(number) for number in range(sessions)))
    seconds, after = time.perf_counter() - began, cpu(server)
    spent = {name: round(after[name] - before.get(name, 0.0), 2) for name in after}
    accepted, first = [each[0] for each in done], [each[1] for each in done]
    return Run(
        workers=workers,
        sessions=sessions,
        images=sessions * images,
        accepted_p50_s=round(statistics.median(accepted), 4),
        accepted_p99_s=round(quantile(accepted, 0.99), 4),
        first_event_p50_s=round(statistics.median(first), 4),
        first_event_p99_s=round(quantile(first, 0.99), 4),
        jobs_per_s=round(sessions / seconds, 1),
        images_per_s=round(sessions * images / seconds, 1),
        cpu_s_per_image=round(sum(spent.values()) / (sessions * images), 5),
        cpu_by_process=spent,
        load_average=round(os.getloadavg()[0], 1),
        lost=sum(not ended for _, _, ended in done),
    )


async def soak(server: RunningServer, workers: int, images: int, batch: int = 20) -> Soak:
    """A fifth of the images warms up."""
    await load(server, workers, Shape(max(1, images // 5 // batch), batch, 4))
    warm = memory(server)
    run = await load(server, workers, Shape(images // batch, batch, 4))
    end = memory(server)
    grown = {name: (end[name] - warm[name]) * _MIB / run.images for name in end if name in warm}
    return Soak(run, warm, end, {name: round(value, 1) for name, value in grown.items()})


def processes(server: RunningServer) -> Iterator[tuple[str, psutil.Process]]:
    assert server.process is not None
    yield "web", psutil.Process(server.process.pid)
    numbers: dict[str, int] = {}
    for child in sorted(server.children(), key=lambda process: process.pid):
        line = " ".join(child.cmdline())
        kind = "store" if "server" in child.name() else "worker" if "worker" in line else "other"
        numbers[kind] = numbers.get(kind, 0) + 1
        yield kind if kind == "store" else f"{kind} {numbers[kind]}", child


def cpu(server: RunningServer) -> dict[str, float]:
    """Seconds of processor time by process."""
    return {name: sum(process.cpu_times()[:2]) for name, process in processes(server)}


def memory(server: RunningServer) -> dict[str, float]:
    """Resident MiB by process."""
    return {name: round(process.memory_info().rss / _MIB, 1) for name, process in processes(server)}


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def model(run: Run) -> str:
    """What the store and the web process carry, from their processor seconds an image."""
    carried = {
        name: run.images / run.cpu_by_process[name]
        for name in ("web", "store")
        if run.cpu_by_process.get(name)
    }
    parts = [f"one {name} process on one core: {each:.0f} images/s" for name, each in carried.items()]
    return "Model (1 / processor seconds an image; engines excluded): " + "; ".join(parts)


async def main() -> None:
    asked = _arguments()
    print(_HEAD)
    one, two = loads(asked.sessions, asked.images)
    with deployment(1) as server:
        runs = await measure(server, 1, one)
    with deployment(2) as server:
        runs += await measure(server, 2, two)
        soaked = await soak(server, 2, asked.soak)
    print(line(soaked.run))
    print(model(runs[-1]))
    tell_memory(soaked)
    OUT.mkdir(exist_ok=True)
    figures = {"runs": [asdict(run) for run in runs], "soak": asdict(soaked)}
    (OUT / "service.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def loads(sessions: int, images: int) -> tuple[list[Shape], list[Shape]]:
    """For one worker and for two. One after another for the times of a server at rest; then all at once, with
    two workers a quarter of them before."""
    few = max(1, sessions // 4)
    alone, quarter, whole = Shape(few, 1, 1), Shape(few, images, few), Shape(sessions, images, sessions)
    return [alone, whole], [alone, quarter, whole]


async def measure(server: RunningServer, workers: int, shapes: Sequence[Shape]) -> list[Run]:
    await load(server, workers, Shape(2, 2, 2))  # imports and first connections
    runs: list[Run] = []
    for shape in shapes:
        runs.append(await load(server, workers, shape))
        print(line(runs[-1]), flush=True)
    return runs


_HEAD = (
    "workers sessions images | accepted p50 / p99 ms | first event p50 / p99 |"
    "  jobs/s | images/s | cpu ms | load | lost"
)


def line(run: Run) -> str:
    return (
        f"{run.workers:7} {run.sessions:8} {run.images:6} |"
        f" {run.accepted_p50_s * 1e3:8.1f} / {run.accepted_p99_s * 1e3:8.1f} |"
        f" {run.first_event_p50_s * 1e3:10.1f} / {run.first_event_p99_s * 1e3:9.1f} |"
        f" {run.jobs_per_s:7.1f} | {run.images_per_s:8.1f} |"
        f" {run.cpu_s_per_image * 1e3:6.1f} | {run.load_average:4.1f} |{run.lost:5}"
    )


def tell_memory(soaked: Soak) -> None:
    for name, grown in soaked.growth_bytes_per_image.items():
        warm, end = soaked.warm_mib[name], soaked.end_mib[name]
        print(f"memory of {name}: {warm} → {end} MiB over {soaked.run.images} images, {grown:.0f} bytes each")


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sessions", type=int, default=200)
    asked.add_argument("--images", type=int, default=5, help="images of each session")
    asked.add_argument("--soak", type=int, default=2000, help="images over which memory is looked at")
    asked.add_argument("--quick", action="store_true", help="about a minute: 20 sessions, soak of 200 images")
    given = asked.parse_args()
    if given.quick:
        given.sessions, given.soak = 20, 200
    return given


if __name__ == "__main__":
    asyncio.run(main())
