"""Jobs, their images and what became of them. Plain values; the store keeps them, the use cases move them."""

from __future__ import annotations

import hashlib
import operator
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import reduce

from app.recognition.engine import EngineName
from app.recognition.spending import Spending
from app.workbook.options import WorkbookOptions

_WHOLE_ID = re.compile(r"([0-9a-f]{8})[0-9a-f]{24}")


class JobStatus(StrEnum):
    """queued → processing → completed | partially_completed | failed | cancelled."""

    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    PARTIALLY_COMPLETED = "partially_completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        return self not in (JobStatus.QUEUED, JobStatus.PROCESSING)


class Strategy(StrEnum):
    """How the tables of a batch are laid into workbooks."""

    CONSOLIDATED = "consolidated"
    """One workbook, a sheet per table."""
    SEPARATE = "separate"
    """A workbook per image."""
    CONCATENATED = "concatenated"
    """One sheet, tables below one another."""


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What the client asked for."""

    engine: EngineName = EngineName.AUTO
    strategy: Strategy = Strategy.CONSOLIDATED
    output_format: str = "xlsx"
    join_continued: bool = True
    """Tables that continue on the next page of a document are one."""
    reuse: bool = True
    """The same image with the same options need not be read twice."""
    webhook_url: str = ""
    """Is told when the job is over; empty: nobody is."""
    zero_retention: bool = False
    """No names are kept, no image once it is read, no result once it is downloaded."""
    workbook: WorkbookOptions = field(default_factory=WorkbookOptions)


@dataclass(frozen=True, slots=True)
class JobImage:
    """One source image of a job."""

    image_id: str
    index: int
    """Position in the batch, from 0."""
    filename: str
    """As the client named it, shortened and cleaned for display."""
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one image; written once."""

    image_id: str
    tables: int = 0
    """Number of tables found; 0 when it failed."""
    pages: int = 0
    engine: str = ""
    """The engine that did the work."""
    warnings: tuple[str, ...] = ()
    error: str | None = None
    """Public sentence with what to do; None when the image was converted."""
    error_code: str | None = None
    seconds: float = 0.0
    """Wall time of the recognition."""
    reused: bool = False
    """The tables were taken over from an earlier job of the same owner."""
    recognized_as: str = ""
    """Under which later jobs of the owner find the tables; empty: they read the image anew."""
    spending: Spending | None = None
    """At an API that charges; None: none was asked."""

    @property
    def succeeded(self) -> bool:
        return self.error is None


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A finished workbook."""

    file_id: str
    filename: str
    size_bytes: int
    sha256: str
    media_type: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Job:
    """A batch of images on its way to workbooks, as it stands at the moment."""

    job_id: str
    session_id: str
    options: JobOptions
    images: tuple[JobImage, ...]
    created_at: datetime
    """UTC."""
    expires_at: datetime
    """UTC; input, results and the job itself go then."""
    status: JobStatus = JobStatus.QUEUED
    finished_at: datetime | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    """By image id; only images that are done."""
    files: tuple[ResultFile, ...] = ()
    """The first is the primary one."""
    error: str | None = None
    error_code: str | None = None
    webhook: str = ""
    """pending, delivered or failed, once the job is over; empty: nobody is told."""
    key: str = ""
    """Name of the API key that it was submitted with; empty: none was asked for."""
    trace: str = ""
    """The request that submitted it, as W3C's `traceparent`; empty: nobody traces it."""

    @property
    def pending(self) -> tuple[JobImage, ...]:
        """Images without an outcome, in batch order."""
        return tuple(image for image in self.images if image.image_id not in self.outcomes)

    @property
    def spending(self) -> Spending | None:
        """Of all images that are done; None: no API was asked."""
        spent = [outcome.spending for outcome in self.outcomes.values() if outcome.spending]
        return reduce(operator.add, spent) if spent else None

    @property
    def progress(self) -> int:
        """Whole per cent of the images that have an outcome; 100 only when the job is over."""
        if self.status.is_terminal:
            return 100
        return min(99, 100 * len(self.outcomes) // len(self.images))


def new_id() -> str:
    """128 random bits as 32 hexadecimal digits: unguessable, URL-safe."""
    return secrets.token_hex(16)


def short(job_id: str) -> str:
    """For logs: enough to find a job again, too little to use it (ids are capabilities)."""
    return job_id[:8]


def without_ids(text: str) -> str:
    """The text with every id cut to 8 digits, for paths in logs and traces."""
    return _WHOLE_ID.sub(r"\1…", text)


def result_file_id(job_id: str, name: str) -> str:
    """The id of a job's result file: the same in every try, so a repeated try overwrites, never doubles."""
    return hashlib.sha256(f"{job_id}/{name}".encode()).hexdigest()[:32]
