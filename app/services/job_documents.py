"""Jobs as they are written into Redis: JSON documents of the values of `app.jobs.job`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from app.jobs.job import Job, JobStatus, Outcome, ResultFile


def to_json(value: Any) -> str:
    """Any value of `app.jobs.job`, or a list of them."""
    return msgspec.json.encode(value).decode()


def from_fields(fields: Mapping[str, str], outcomes: Mapping[str, str]) -> Job:
    """The job of its hash (``document`` as it was added, and what changed since) and its outcomes' hash."""
    finished_at = fields.get("finished_at")
    return replace(
        msgspec.json.decode(fields["document"], type=Job),
        status=JobStatus(fields["status"]),
        finished_at=datetime.fromisoformat(finished_at) if finished_at else None,
        outcomes={key: msgspec.json.decode(text, type=Outcome) for key, text in outcomes.items()},
        files=tuple(msgspec.json.decode(fields.get("files") or "[]", type=list[ResultFile])),
        error=fields.get("error") or None,
        error_code=fields.get("error_code") or None,
        webhook=fields.get("webhook", ""),
    )
