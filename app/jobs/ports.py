"""What the use cases need from the world outside. Implementations stand in app.services."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol

from app.jobs.job import Job, JobStatus, Outcome, ResultFile
from app.models.websocket import Event


class JobStore(Protocol):
    """The truth about jobs. Each method is atomic, events included: what a method appends to the session's
    stream is there exactly when its change is there. Raises Unavailable while the store cannot be reached."""

    async def reserve(self, job_id: str, until: datetime) -> None:
        """Announces files of a job that is about to be added: unless that happens, `expired_jobs` names
        the id after ``until``, so nothing stays behind when the process dies in between."""
        ...

    async def add(
        self,
        job: Job,
        event: Event,
        *,
        idempotency_key: str | None = None,
        fingerprint: str = "",
        queue_limit: int | None = None,
    ) -> str:
        """Stores a new job and returns its id, or the id of the job that has this session's
        ``idempotency_key`` already. InvalidRequest (idempotency_mismatch): same key, other fingerprint.
        Unavailable (queue_full): with this job more than ``queue_limit`` images would wait."""
        ...

    async def waiting_images(self) -> int:
        """Images of open jobs without an outcome."""
        ...

    async def find_idempotent(self, session_id: str, key: str, fingerprint: str) -> str | None:
        """The id of the job accepted under this key in the last 24 h. InvalidRequest: other fingerprint."""
        ...

    async def find_recognized(self, name: str) -> tuple[str, str] | None:
        """Job and image that were recorded under this name (`Outcome.recognized_as`), if they are kept."""
        ...

    async def get(self, job_id: str) -> Job:
        """NotFound; Expired for a while after its retention time."""
        ...

    async def of_session(self, session_id: str) -> list[Job]:
        """The session's jobs, newest first."""
        ...

    async def count_attempt(self, job_id: str, unit: str) -> int:
        """1 for the first try at this unit of work (an image id, or "workbook"), 2 for the next …"""
        ...

    async def uncount_attempt(self, job_id: str, unit: str) -> None:
        """Takes one try back that ended in order, without a result."""
        ...

    async def start(self, job_id: str, event: Event) -> bool:
        """queued → processing; False when it was not queued (then nothing is appended)."""
        ...

    async def progress(
        self, job_id: str, event: Event, *, image_id: str | None = None, fraction: float = 0.0
    ) -> bool:
        """Appends a progress event; False when the job is over or gone (then nothing is appended).
        ``fraction`` (0..1): how far the recognition of ``image_id`` is.

        In every `job_progress` that the store appends, here and elsewhere, it fills in ``processed_images``
        (images with an outcome), ``progress`` (those and the fractions of the others; it never falls),
        ``queue_position`` and ``estimated_seconds_left`` (see Outlook)."""
        ...

    async def record(self, job_id: str, outcome: Outcome, events: Sequence[Event]) -> bool:
        """Writes an image's outcome. The first one stays; False (nothing appended) for any later one
        and when the job is over or gone."""
        ...

    async def finish(
        self,
        job_id: str,
        status: JobStatus,
        event: Event,
        *,
        files: Sequence[ResultFile] = (),
        error: str | None = None,
        error_code: str | None = None,
        finished_at: datetime,
    ) -> bool:
        """Moves the job into a terminal state. The first one stays; False for any later one."""
        ...

    async def open_jobs(self) -> list[str]:
        """Ids of all jobs that are not over, oldest first."""
        ...

    async def kept(self, job_id: str) -> Job | None:
        """The job as long as it is kept, expired or not."""
        ...

    async def expired_jobs(self, now: datetime) -> list[str]:
        """Ids of all jobs whose retention time is over."""
        ...

    async def delete(self, job_id: str, *, expired: bool, event: Event | None = None) -> bool:
        """Erases the job and its events, and appends ``event`` in their place. ``expired`` leaves a mark, so
        that `get` says Expired for a week; its ``event`` is appended only when the job was not over."""
        ...

    async def job_of_file(self, file_id: str) -> str:
        """The job that a result file belongs to. NotFound; Expired."""
        ...

    async def take_turn(self, duty: str, seconds: float) -> bool:
        """True for the first caller of all processes within ``seconds``: the turn at the duty is his."""
        ...


class Journal(Protocol):
    """What the store has on its disk besides its contents: the record of all changes, erased values too."""

    async def forget(self) -> bool:
        """Begins to rewrite the record when something was erased since the last time; False when there is
        nothing to do, or not yet. Never raises because the store is away."""
        ...


class Following(Protocol):
    """One client's view of a session's stream; an async context manager that iterates events as JSON text."""

    async def __aenter__(self) -> Following: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

    @property
    def recovered(self) -> bool:
        """Known after entering: False when events after the cursor were trimmed away."""
        ...

    @property
    def cursor(self) -> str:
        """Id of the last event that was handed out; where to go on."""
        ...

    def __aiter__(self) -> AsyncIterator[str]: ...
    async def __anext__(self) -> str: ...


class EventFeed(Protocol):
    """Streams of events, by session: everything after a cursor, once and in order, then live."""

    def follow(self, session_id: str, after: str | None) -> Following: ...


class TaskQueue(Protocol):
    """Delivers work to workers, at least once."""

    async def add_image(self, job_id: str, image_id: str, *, remote: bool, trace: str = "") -> None:
        """Asks for the recognition of one image. A second add while the first waits or runs does nothing.
        ``remote``: bound by an API, not by this machine's cores. ``trace``: of the job, see `Job.trace`."""
        ...

    async def add_finish(self, job_id: str, *, trace: str = "") -> None:
        """Asks for the job's workbooks. A second add while the first waits or runs does nothing."""
        ...

    async def workers(self) -> int:
        """How many workers have been heard of in the last seconds."""
        ...

    async def cancel(self, job_id: str, image_ids: Sequence[str]) -> None:
        """Drops waiting tasks and interrupts running ones."""
        ...


class FileStore(Protocol):
    """Bytes by key; keys are made by us, `/`-separated, never from user text. A put is durable and atomic
    when it returns."""

    async def put(self, key: str, content: bytes | Path) -> None:
        """Stores bytes, or takes over a file: a ``Path`` is moved or uploaded, and gone afterwards."""
        ...

    async def put_all(self, files: Sequence[tuple[str, bytes | Path]]) -> None:
        """Stores some, each as `put` does. One that fails is told when no other is on its way any more."""
        ...

    async def get(self, key: str) -> bytes:
        """NotFound."""
        ...

    async def size(self, key: str) -> int:
        """NotFound."""
        ...

    def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Bytes ``start`` (inclusive) to ``end`` (exclusive) in pieces. NotFound."""
        ...

    async def fetch(self, key: str, folder: Path) -> Path:
        """A local file with the content, below ``folder`` unless the store is itself a local folder.
        The caller must not change it. NotFound."""
        ...

    async def delete_prefix(self, prefix: str) -> list[tuple[str, int]]:
        """Erases all keys that start with ``prefix``; returns (key, bytes) of each."""
        ...

    async def older(self, prefix: str, before: datetime) -> list[str]:
        """All keys that start with ``prefix`` and were put before."""
        ...
