"""What the use cases need to know of the jobs and images that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.jobs.job import Job


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a job that is not over has before it."""

    queue_position: int | None = None
    """Among the jobs that have not begun, 1 for the next to begin; None: it has begun."""
    seconds_left: float | None = None
    """Estimated from the measured pace of all workers; None: nothing is measured yet."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a job stands among the open jobs of its session."""

    rank: int
    """0: the oldest."""
    jobs: int


class WaitingLine(Protocol):
    """Who waits, and for how long. Raises Unavailable while the store cannot be reached."""

    async def outlook(self, job_id: str) -> Outlook:
        """Of a job that is not over; empty for others."""
        ...

    async def seconds_per_image(self) -> float | None:
        """Measured from one outcome to the next, all workers together, while images wait. None: nothing
        is measured yet, or nothing has come for so long that the measure says nothing any more."""
        ...

    async def turn(self, job: Job) -> Turn:
        """Where the open job stands in its session."""
        ...

    async def open_of_session(self, session_id: str, first: int, last: int) -> list[str]:
        """Ids of the session's open jobs from rank ``first`` to ``last``, both included, oldest first."""
        ...
