"""The task queue on pydocket: Redis Streams with leases; a task whose worker died is delivered again."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from docket import Docket, Worker

from app.jobs.endings import end
from app.jobs.job import new_id
from app.services.docket_leases import keep_leases_short
from app.services.redis_keys import PREFIX
from app.services.redis_service import translate_errors
from app.services.trace_context import within_trace

CORES, REMOTE = f"{PREFIX}-cores", f"{PREFIX}-remote"
"""Two dockets: work bound by this machine's cores, and work that waits for an API."""
RECOGNIZE, FINISH = "recognize_image", "finish_job"

LEASE = timedelta(seconds=15)
"""A worker that does not renew its lease for so long is dead; its task goes to another."""
KEPT = timedelta(minutes=1)
"""How long the record of a task that is over stays; its key may be used again at once."""
_CHECK = timedelta(milliseconds=20)
"""A worker that is done with an image looks for the next one after half of it on average."""
_RECONNECT = timedelta(seconds=1)
_ALIVE_S = 10.0
"""Workers tell of themselves every two seconds."""


async def recognize_image(job_id: str, image_id: str) -> None:
    """The task's name and arguments. Processes that only add tasks never run it."""
    raise NotImplementedError(f"{RECOGNIZE} runs in workers")


async def finish_job(job_id: str) -> None:
    """The task's name and arguments. Processes that only add tasks never run it."""
    raise NotImplementedError(f"{FINISH} runs in workers")


@dataclass(frozen=True, slots=True)
class Tasks:
    """What workers do when a task comes up; each must bear being called again for the same work."""

    recognize_image: Callable[[str, str], Awaitable[None]]
    finish_job: Callable[[str], Awaitable[None]]


class DocketQueue:
    """TaskQueue; see `app.jobs.ports.TaskQueue` for the contract. Make it with `open_queue`."""

    def __init__(self, cores: Docket, remote: Docket) -> None:
        self._cores = cores
        self._remote = remote

    async def add_image(self, job_id: str, image_id: str, *, remote: bool, trace: str = "") -> None:
        docket = self._remote if remote else self._cores
        with translate_errors(), within_trace(trace):
            await docket.add(recognize_image, key=image_id)(job_id, image_id)

    async def add_finish(self, job_id: str, *, trace: str = "") -> None:
        with translate_errors(), within_trace(trace):
            await self._cores.add(finish_job, key=_finish_key(job_id))(job_id)

    async def workers(self) -> int:
        with translate_errors():
            async with self._cores.redis() as redis, redis.pipeline() as pipe:
                now = time.time()  # later than now: told before the clock was put back
                pipe.zcount(self._cores.workers_set, now - _ALIVE_S, now + _ALIVE_S)
                return int((await pipe.execute())[0])

    async def cancel(self, job_id: str, image_ids: Sequence[str]) -> None:
        with translate_errors():
            for key in (*image_ids, _finish_key(job_id)):
                await asyncio.gather(self._cores.cancel(key), self._remote.cancel(key))


@asynccontextmanager
async def open_queue(url: str) -> AsyncGenerator[DocketQueue]:
    """The queue on the server at ``url``, for adding and cancelling."""
    async with _docket(CORES, url) as cores, _docket(REMOTE, url) as remote:
        yield DocketQueue(cores, remote)


@dataclass(frozen=True, slots=True)
class WorkerLoop:
    """One worker process's share of both dockets."""

    url: str
    tasks: Tasks
    remote_concurrency: int = 4
    """0: this worker leaves remote work alone."""
    lease: timedelta = LEASE
    drain_s: float = 12.0
    """Running tasks get so long to end after a stop, then they are interrupted and go to another worker.
    Shorter than the lease, which is not renewed any more."""

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set and the running tasks are drained. Waits out absences of the server."""
        shares = [(CORES, 1), (REMOTE, self.remote_concurrency)]
        loops = [asyncio.create_task(self._work(name, share)) for name, share in shares if share]
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([*loops, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end(stopping)
            await self._drain(loops)
        for loop in loops:
            if not loop.cancelled() and (fault := loop.exception()):
                raise fault

    async def _work(self, name: str, concurrency: int) -> None:
        async with _docket(name, self.url) as docket:
            await self._serve(docket, concurrency)

    async def _serve(self, docket: Docket, concurrency: int) -> None:
        async def recognize(job_id: str, image_id: str) -> None:
            await self.tasks.recognize_image(job_id, image_id)

        async def finish(job_id: str) -> None:
            await self.tasks.finish_job(job_id)

        docket.register(recognize, names=[RECOGNIZE])
        docket.register(finish, names=[FINISH])
        worker = Worker(
            docket,
            name=f"{socket.gethostname()}#{os.getpid()}#{new_id()[:8]}",
            concurrency=concurrency,
            redelivery_timeout=self.lease,
            reconnection_delay=_RECONNECT,
            minimum_check_interval=_CHECK,
            scheduling_resolution=timedelta(seconds=1),
            schedule_automatic_tasks=False,
        )
        async with worker:
            leases = asyncio.create_task(keep_leases_short(docket, self.lease))
            try:
                await worker.run_forever()
            finally:
                await end(leases)

    async def _drain(self, loops: Sequence[asyncio.Task[None]]) -> None:
        """A first cancel lets docket finish what runs, further ones interrupt it."""
        for loop in loops:
            loop.cancel()
        await asyncio.wait(loops, timeout=self.drain_s)
        await end(*loops)


def _finish_key(job_id: str) -> str:
    """docket writes keys of failed tasks into the log, where no whole job id may stand."""
    return f"finish-{job_id[:16]}"


def _docket(name: str, url: str) -> Docket:
    return Docket(name=name, url=url, execution_ttl=KEPT)
