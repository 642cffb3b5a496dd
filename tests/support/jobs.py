"""Jobs and their events for tests, on a real server."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from app.jobs import events
from app.jobs.job import Job, JobImage, JobOptions, JobStatus, Outcome, new_id
from app.models.websocket import any_event
from app.services import redis_keys


def now() -> datetime:
    return datetime.now(UTC)


def new_job(
    session_id: str | None = None,
    images: int = 2,
    *,
    retention: timedelta = timedelta(hours=1),
    **options: Any,
) -> Job:
    """A queued job of so many images; nothing is stored."""
    created = now()
    each = tuple(
        JobImage(new_id(), index, f"image-{index}.png", 3, hashlib.sha256(b"abc").hexdigest())
        for index in range(images)
    )
    return Job(new_id(), session_id or new_id(), JobOptions(**options), each, created, created + retention)


def accepted(job: Job) -> Any:
    return events.job_progress(job, job.created_at, status=JobStatus.QUEUED)


def outcome_events(job: Job, outcome: Outcome) -> list[Any]:
    image = next(image for image in job.images if image.image_id == outcome.image_id)
    done = events.single_image_completed(job, image, outcome, None, now())
    return [done, events.job_progress(job, now(), image=image)]


async def stream(client: Redis, session_id: str) -> list[dict[str, Any]]:
    """The session's events as they would reach a client, each validated against the wire models."""
    entries = await client.xrange(redis_keys.session_events(session_id))
    found: list[dict[str, Any]] = []
    for entry_id, fields in entries:
        event = {"id": entry_id, "seq": int(fields["seq"]), **json.loads(fields["event"])}
        any_event.validate_python(event, strict=False)
        found.append(event)
    return found
