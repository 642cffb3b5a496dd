"""Sockets under load: latency of events, CPU and memory of one web process that serves many sockets.

`python -m bench.sockets [SOCKETS] [EVENTS_PER_S] [SECONDS]`: a real server with its embedded store, a session
for each socket, events appended to random sessions as the store appends them. Latency is from just before the
append to the receipt in this process, so it holds this client's own work as well.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import psutil
from websockets.asyncio.client import ClientConnection, connect

from app.jobs.job import new_id
from app.services.embedded_redis import EmbeddedRedis
from app.services.redis_service import connect as connect_store
from tests.support.event_stream import append_event
from tests.support.server import RunningServer, running_server

AT_ONCE = 50


async def hear(socket: ClientConnection, latencies: list[float]) -> None:
    """Counts the time that each event took."""
    async for text in socket:
        event = json.loads(text)
        if "sent" in event:
            latencies.append(time.perf_counter() - event["sent"])


async def measure(server: RunningServer, sockets: int, rate: float, seconds: float) -> None:
    """Opens the sockets, pours the events, prints what came of it."""
    assert server.process is not None
    web = psutil.Process(server.process.pid)
    idle = web.memory_info().rss
    sessions = [new_id() for _ in range(sockets)]
    latencies: list[float] = []
    gate = asyncio.Semaphore(AT_ONCE)

    async def opened(session: str, stack: AsyncExitStack) -> ClientConnection:
        async with gate:
            address = f"{server.ws_url}/api/v1/ws/session/{session}"
            return await stack.enter_async_context(connect(address, open_timeout=60, compression=None))

    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        streams = await asyncio.gather(*(opened(session, stack) for session in sessions))
        hearing = [group.create_task(hear(stream, latencies)) for stream in streams]
        store = await stack.enter_async_context(connect_store(EmbeddedRedis(server.data_dir).url))
        cpu, began = sum(web.cpu_times()[:2]), time.perf_counter()
        count = int(rate * seconds)
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            event = f'{{"type":"system","sent":{time.perf_counter()}}}'
            await append_event(store, random.choice(sessions), event)
        took = time.perf_counter() - began
        async with asyncio.timeout(30):
            while len(latencies) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        used = sum(web.cpu_times()[:2]) - cpu
        for task in hearing:
            task.cancel()
    latencies.sort()
    print(f"sockets              {sockets}")
    print(f"events               {count} in {took:.1f} s ({count / took:.0f}/s), received {len(latencies)}")
    for name, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
        print(f"latency {name}          {1000 * latencies[min(count - 1, int(part * count))]:.1f} ms")
    print(f"CPU of the web       {100 * used / took:.0f} % of a core")
    print(
        f"memory of the web    {web.memory_info().rss / 2**20:.0f} MiB ({idle / 2**20:.0f} without sockets)"
    )


def main(arguments: Sequence[str]) -> None:
    sockets, rate, seconds = (float(text) for text in (*arguments, *("1000", "300", "20")[len(arguments) :]))
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder), WORKER_PROCESSES="0") as server,
    ):
        asyncio.run(measure(server, int(sockets), rate, seconds))


if __name__ == "__main__":
    main(sys.argv[1:])
