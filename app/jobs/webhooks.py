"""Use case: tell a client's server that a job is over. At least once, under the same id each time."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import structlog

from app.errors import Expired, NotFound, Unavailable
from app.jobs import events
from app.jobs.job import Job, JobStatus, short
from app.jobs.ports import JobStore
from app.models.websocket import JobCompleted, JobError

BACKOFF_S = (5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600)
"""Waits between the tries, as far as the job is kept so long."""
CLAIM_S = 60.0
"""Who has not told within it how a try ended is dead; another worker tries again."""
LOOK_S = 1.0
log = structlog.get_logger()


class Delivery(Enum):
    """How a try ended."""

    DELIVERED = "delivered"
    FAILED = "failed"
    """A later try may succeed."""
    REFUSED = "refused"
    """No try ever will: the address is not allowed, or the receiver wants no more."""


class WebhookSender(Protocol):
    """Posts a signed message."""

    async def send(self, url: str, message_id: str, body: str) -> Delivery: ...


class WebhookOutbox(Protocol):
    """Jobs whose end is still to be told. Each method is atomic. Raises Unavailable."""

    async def claim(self, seconds: float) -> list[tuple[str, int]]:
        """Some job ids that are due, each with the number of its try (from 1). They are due again after
        ``seconds`` unless `settle` or `postpone` says otherwise."""
        ...

    async def last_word(self, job_id: str) -> tuple[str, JobError] | None:
        """Address and event of a job that expired before it was done; None for others."""
        ...

    async def settle(self, job_id: str, delivery: Delivery) -> None:
        """No further try."""
        ...

    async def postpone(self, job_id: str, seconds: float) -> None:
        """Due again after so long."""
        ...


@dataclass(frozen=True, slots=True)
class DeliverWebhooks:
    """Every worker runs `forever`; each message is claimed by one of them."""

    store: JobStore
    outbox: WebhookOutbox
    sender: WebhookSender
    claim_s: float = CLAIM_S
    look_s: float = LOOK_S
    backoff_s: Sequence[float] = BACKOFF_S

    async def forever(self) -> None:
        """Looks for due messages until it is cancelled."""
        while True:
            try:
                claimed = await self.outbox.claim(self.claim_s)
                await asyncio.gather(*(self._deliver(job_id, number) for job_id, number in claimed))
            except Unavailable:
                log.warning("the store is away; webhooks wait")
                claimed = []
            if not claimed:
                await asyncio.sleep(self.look_s)

    async def _deliver(self, job_id: str, number: int) -> None:
        found = await self._message(job_id)
        if found is None:
            await self.outbox.settle(job_id, Delivery.REFUSED)
            return
        url, body = found
        delivery = await self.sender.send(url, message_id(job_id), body)
        log.info("webhook", job=short(job_id), attempt=number, delivery=delivery.value)
        if delivery is Delivery.FAILED and number <= len(self.backoff_s):
            await self.outbox.postpone(job_id, self.backoff_s[number - 1])
        else:
            await self.outbox.settle(job_id, delivery)

    async def _message(self, job_id: str) -> tuple[str, str] | None:
        """Address and body. None: the job is gone, and there is nothing to tell."""
        try:
            job = await self.store.get(job_id)
        except (NotFound, Expired):
            last = await self.outbox.last_word(job_id)
            return (last[0], body_of(last[1])) if last else None
        return job.options.webhook_url, message(job)


def message_id(job_id: str) -> str:
    """The same in every try, so that the receiver can tell a repeated message."""
    return f"msg_{hashlib.sha256(f'{job_id}/ended'.encode()).hexdigest()[:32]}"


def message(job: Job) -> str:
    """The end of a job that is kept, as JSON."""
    at = job.finished_at or job.created_at
    if job.status in (JobStatus.COMPLETED, JobStatus.PARTIALLY_COMPLETED):
        event = events.job_completed(job, job.status, job.files, at)
    else:
        event = events.job_error(job, job.error or "", job.error_code or "", at, status=job.status)
    return body_of(event)


def body_of(event: JobCompleted | JobError) -> str:
    """The event of the stream as JSON, without its session, whose id is a key."""
    content = event.model_dump(mode="json", exclude={"id", "seq", "type", "session_id", "timestamp"})
    told = {"type": f"job.{event.status}", "timestamp": event.timestamp.isoformat(), "data": content}
    return json.dumps(told)
