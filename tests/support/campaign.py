"""Many jobs on real processes while things die: submitted, followed to their end, then counted."""

from __future__ import annotations

import asyncio
import io
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import openpyxl
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from app.jobs.job import new_id
from tests.support.api import TERMINAL, json_batch

JOBS_A_VISITOR = 10
POISON = b"kill"
_PAUSE_S = 0.1
Event = dict[str, Any]


@dataclass
class Accepted:
    """A job that was answered with 202, and the texts that its workbook must hold, once each."""

    job_id: str
    texts: list[str]
    poisoned: bool
    began: float
    """When it was posted for the first time; by time.monotonic()."""


@dataclass
class Visitor:
    """A client who submits jobs and follows its session, and tries again as the guide tells it to."""

    bases: Sequence[str]
    chance: random.Random
    over: Callable[[], None]
    """Called with each end of a job that it is told."""
    session_id: str = field(default_factory=new_id)
    accepted: list[Accepted] = field(default_factory=list)
    log: list[Event] = field(default_factory=list)
    ended: dict[str, float] = field(default_factory=dict)
    """When the end of each job was told."""
    refusals: list[httpx.Response] = field(default_factory=list)
    broken: list[httpx.TransportError] = field(default_factory=list)
    """Of requests whose connection was cut before the answer; those that found no server don't count."""

    async def visit(self, numbers: Sequence[int], poisoned: frozenset[int] = frozenset()) -> None:
        """Submits a job for each number; returns when all of them are over."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow_until(len(numbers)))
            for number in numbers:
                await self.submit(number, poisoned=number in poisoned)

    async def submit(self, number: int, *, poisoned: bool = False) -> None:
        """Posts one batch until it is accepted; the key makes the repetitions one job."""
        texts = [f"job {number} image {image}" for image in range(self.chance.choice((1, 1, 2, 3)))]
        images = [(f"{text}.png", text.encode()) for text in texts]
        body = json_batch(*images, *([("poison.png", POISON)] if poisoned else []))
        headers, began = {"Idempotency-Key": new_id(), "X-Session-Id": self.session_id}, time.monotonic()
        while (answer := await self._post(body, headers)) is None:  # noqa: ASYNC110
            await asyncio.sleep(_PAUSE_S)
        self.accepted.append(Accepted(answer["job_id"], texts, poisoned, began))

    async def _post(self, body: Event, headers: dict[str, str]) -> Event | None:
        async with httpx.AsyncClient(base_url=self.chance.choice(self.bases), timeout=30) as client:
            try:
                answer = await client.post("/api/v1/convert/batch", json=body, headers=headers)
            except httpx.TransportError as error:
                if not _never_taken(error):
                    self.broken.append(error)
                return None
        if answer.status_code == 202:
            return answer.json()
        assert answer.status_code in (502, 503), answer.text
        self.refusals.append(answer)
        return None

    async def _follow_until(self, ends: int) -> None:
        while sum(event["type"] in TERMINAL for event in self.log) < ends:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._follow_once(ends)
            await asyncio.sleep(_PAUSE_S)

    async def _follow_once(self, ends: int) -> None:
        cursor = f"?after={self.log[-1]['id']}" if self.log else ""
        base = self.chance.choice(self.bases).replace("http", "ws", 1)
        async with connect(f"{base}/api/v1/ws/session/{self.session_id}{cursor}", open_timeout=10) as socket:
            first = json.loads(await socket.recv())
            assert first["recovered"], "events were trimmed"
            while sum(event["type"] in TERMINAL for event in self.log) < ends:
                self.log.append(json.loads(await socket.recv()))
                if self.log[-1]["type"] in TERMINAL:
                    self.ended[self.log[-1]["job_id"]] = time.monotonic()
                    self.over()

    async def audit(self) -> None:
        """Each job ended once, each image has one outcome, nothing is there twice, the workbooks fit."""
        assert [event["seq"] for event in self.log] == list(range(1, len(self.log) + 1))
        async with httpx.AsyncClient(base_url=self.bases[0], timeout=30) as client:
            headers = {"X-Session-Id": self.session_id}
            jobs = (await client.get("/api/v1/jobs", headers=headers)).json()["jobs"]
            assert sorted(job["job_id"] for job in jobs) == sorted(job.job_id for job in self.accepted)
            for job in self.accepted:
                self._check_events(job)
                book = await client.get(f"/api/v1/download/{job.job_id}")
                assert book.status_code == 200, book.text
                assert sorted(_cells(book.content)) == sorted(job.texts)

    def _check_events(self, job: Accepted) -> None:
        own = [event for event in self.log if event["job_id"] == job.job_id]
        outcomes = Counter(e["image"] for e in own if e["type"] == "single_image_completed")
        images = [f"{text}.png" for text in job.texts] + (["poison.png"] if job.poisoned else [])
        assert outcomes == dict.fromkeys(images, 1)
        [end] = [event for event in own if event["type"] in TERMINAL]
        assert end is own[-1]
        assert end["status"] == ("partially_completed" if job.poisoned else "completed"), end
        assert [each["error_code"] for each in end["errors"]] == ["engine_crashed"] * job.poisoned


@dataclass
class Campaign:
    """Visitors of the web processes at ``bases``, and somebody who does harm meanwhile."""

    bases: Sequence[str]
    seed: int = 1
    patience_s: float = 150.0
    """As long as jobs are open, one of them must end within it, harm or not."""
    visitors: list[Visitor] = field(default_factory=list)
    over: int = 0
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(
        self, jobs: int, harm: Callable[[], Awaitable[None]], poisoned: frozenset[int] = frozenset()
    ) -> None:
        """So many jobs, from submission to their end; then everything is counted, and the times are told."""
        chance = random.Random(self.seed)
        rounds = [range(first, min(first + JOBS_A_VISITOR, jobs)) for first in range(0, jobs, JOBS_A_VISITOR)]
        self.visitors = [Visitor(self.bases, random.Random(chance.random()), self._told) for _ in rounds]
        async with asyncio.TaskGroup() as watched:
            watch = watched.create_task(self._ends_keep_coming())
            async with asyncio.TaskGroup() as group:
                for visitor, numbers in zip(self.visitors, rounds, strict=True):
                    group.create_task(visitor.visit(numbers, poisoned))
                await harm()
            watch.cancel()
        for visitor in self.visitors:
            await visitor.audit()
        print(self._told_in_short())

    async def _ends_keep_coming(self) -> None:
        while True:
            async with asyncio.timeout(self.patience_s):
                await self.until_over(self.over + 1)

    def _told_in_short(self) -> str:
        jobs = [(visitor, job) for visitor in self.visitors for job in visitor.accepted]
        took = sorted(visitor.ended[job.job_id] - job.began for visitor, job in jobs)
        refused = Counter(answer.status_code for visitor in self.visitors for answer in visitor.refusals)
        return (
            f"{len(jobs)} jobs accepted and finished once; from the first post to the end told: half within "
            f"{statistics.median(took):.1f} s, the last {took[-1]:.1f} s; refused and tried again "
            f"{dict(refused)}, cut off {sum(len(visitor.broken) for visitor in self.visitors)}"
        )

    async def until_over(self, jobs: int) -> None:
        """Returns when so many jobs have come to their end."""
        async with self._news:
            await self._news.wait_for(lambda: self.over >= jobs)

    async def until_unavailable(self) -> None:
        """Returns when a batch of somebody else's is answered with 503."""
        body = json_batch(("probe.png", b"probe"))
        async with httpx.AsyncClient(base_url=self.bases[0], timeout=10) as client:
            while (await client.post("/api/v1/convert/batch", json=body)).status_code != 503:  # noqa: ASYNC110
                await asyncio.sleep(_PAUSE_S)

    def errors_at(self, base: str) -> list[str]:
        """What clients have seen of this server so far: requests that were broken, or answered with something
        but 202."""
        broken = [(error.request.url, repr(error)) for visitor in self.visitors for error in visitor.broken]
        refused = [(answer.url, answer.text) for visitor in self.visitors for answer in visitor.refusals]
        return [text for url, text in broken + refused if str(url).startswith(base)]

    def _told(self) -> None:
        self.over += 1
        asyncio.get_running_loop().create_task(self._ring())

    async def _ring(self) -> None:
        async with self._news:
            self._news.notify_all()


def _cells(workbook: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    tables = [sheet for sheet in book.worksheets if sheet.title != "Summary"]
    return [str(cell.value) for sheet in tables for row in sheet.iter_rows() for cell in row]


def _never_taken(error: httpx.TransportError) -> bool:
    """Whether nobody listened, or a listener closed before it took the connection: the kernel resets it."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ConnectionResetError):
        cause = cause.__cause__ or cause.__context__
    return isinstance(error, httpx.ConnectError) or cause is not None
