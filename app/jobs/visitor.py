"""Who asks, and what is his."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import NotFound
from app.jobs.job import Job
from app.jobs.ports import JobStore


@dataclass(frozen=True, slots=True)
class Visitor:
    """A request's session and API key, as far as it names them."""

    session_id: str | None = None
    """None: it names none and shows by the job's id alone that it may (ids are capabilities)."""
    key: str = ""
    """Name of the API key; empty: this server asks for none."""

    def may_see(self, job: Job) -> bool:
        """Jobs of its own session and key; those from before there were keys belong to every key."""
        if self.key and job.key not in ("", self.key):
            return False
        return self.session_id in (None, job.session_id)


async def job_of(store: JobStore, job_id: str, visitor: Visitor) -> Job:
    """NotFound, also where the job is another's."""
    job = await store.get(job_id)
    if not visitor.may_see(job):
        raise NotFound("There is no such job. Check the id; jobs belong to the session that made them.")
    return job
