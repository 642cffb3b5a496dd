"""What the socket and the event stream of a session have in common."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from app.api.deps import Doors, is_id
from app.api.job_answers import job_snapshot
from app.jobs.ports import Following
from app.models.websocket import Connection

_CURSOR = re.compile(r"\d{1,20}-\d{1,20}")


def refusal(session_id: str, after: str | None) -> str | None:
    """Why this session cannot be followed from there; None: it can."""
    if not is_id(session_id):
        return "This is no session id; submit a batch to get one."
    if after and not _CURSOR.fullmatch(after):
        return "after must be the id of an event; leave it out to begin at the beginning."
    return None


async def connection(doors: Doors, session_id: str, following: Following) -> str:
    """The first message, as JSON: with a snapshot of all jobs where events are missing."""
    jobs = [] if following.recovered else await doors.store.of_session(session_id)
    message = Connection(
        timestamp=datetime.now(UTC),
        session_id=session_id,
        recovered=following.recovered,
        jobs=[job_snapshot(job) for job in jobs],
    )
    return message.model_dump_json()
