"""A job service for tests: submit texts as images, run real workers, wait for what the events tell."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.jobs.job import Job, JobOptions, new_id
from app.jobs.submit import Upload
from app.recognition.engine import EngineName
from app.services import redis_keys
from app.services.local_engine import LocalEngine
from app.settings import Settings
from app.wiring.core import Core
from app.wiring.worker import worker_parts
from tests.support.jobs import stream
from tests.support.recognizers import ObedientRecognizer

ROOT = Path(__file__).parents[2]
TERMINAL = ("job_completed", "job_error")
Told = Callable[[dict[str, Any]], bool]


class JobHouse:
    def __init__(self, core: Core, settings: Settings) -> None:
        self.core = core
        self.settings = settings
        self._processes: list[Process] = []
        self._tasks: list[tuple[asyncio.Event, asyncio.Task[None]]] = []

    async def submit(self, *texts: str, session_id: str | None = None, **more: Any) -> Job:
        options = JobOptions(**more.pop("options", {}))
        uploads = [Upload.of(f"image-{n}.png", text.encode()) for n, text in enumerate(texts)]
        job = await self.core.submit(session_id or new_id(), uploads, options, **more)
        await self.core.submit.begin(job)
        return job

    def work_here(self, *, timeout_s: float = 30.0) -> None:
        """A worker in this process; its engine's process is a real one."""
        stop = asyncio.Event()
        self._tasks.append((stop, asyncio.create_task(self._work(stop, timeout_s))))

    async def _work(self, stop: asyncio.Event, timeout_s: float) -> None:
        engine, remote = (LocalEngine(ObedientRecognizer, timeout_s=timeout_s) for _ in range(2))
        engines = {EngineName.AUTO: engine, EngineName.LOCAL: engine, EngineName.OLMOCR: remote}
        lease = timedelta(seconds=2)
        try:
            await worker_parts(self.settings, self.core, engines, lease=lease, sweep_s=0.5).run(stop)
        finally:
            await engine.close()
            await remote.close()

    async def work_elsewhere(self, lease_s: float = 1.0, **settings: str) -> Process:
        """A worker in a process of its own."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.worker_with_engine", str(lease_s)),
            cwd=ROOT,
            env={
                **os.environ,
                "REDIS_URL": self.core.redis_url,
                "DATA_DIR": str(self.settings.data_dir),
                "LOG_LEVEL": "info",
                **settings,
            },
        )
        self._processes.append(process)
        return process

    async def told(self, job: Job, until: Told, seconds: float = 30.0) -> list[dict[str, Any]]:
        """The session's events once one of the job fits; each time the bell rings they are read again."""
        async with asyncio.timeout(seconds), self.core.client.pubsub() as bell:
            await bell.subscribe(redis_keys.session_channel(job.session_id))
            while True:
                await bell.get_message(timeout=1.0)
                events = await stream(self.core.client, job.session_id)
                if any(event["job_id"] == job.job_id and until(event) for event in events):
                    return events

    async def ended(self, job: Job, seconds: float = 30.0) -> list[dict[str, Any]]:
        """All events of the session once the job is over."""
        return await self.told(job, lambda event: event["type"] in TERMINAL, seconds)

    async def reading(self, job: Job, seconds: float = 30.0) -> None:
        """Returns when an engine works on one of the job's images."""
        await self.told(job, lambda event: event.get("stage") is not None, seconds)

    def stored(self) -> list[Path]:
        """All files of all jobs."""
        jobs = self.settings.data_dir / "files" / "jobs"
        return sorted(path for path in jobs.rglob("*") if path.is_file())

    async def close(self) -> None:
        for stop, task in self._tasks:
            stop.set()
            await task
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            await process.wait()


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def shown(event: dict[str, Any]) -> str:
    return json.dumps(event, default=str)
