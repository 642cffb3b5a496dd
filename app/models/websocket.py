"""The events of a session's stream, as clients receive them over the WebSocket."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

JobStatusName = Literal["queued", "processing", "completed", "partially_completed", "failed", "cancelled"]


class Event(BaseModel):
    """What every event carries. ``id`` and ``seq`` are given by the store, in the order of the stream."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(default="", description="Cursor for `?after=`; empty for events outside the stream.")
    seq: int = Field(default=0, ge=0, description="1, 2, 3 … within the session; 0 outside the stream.")
    timestamp: datetime
    session_id: str
    job_id: str | None = None


class FileLink(BaseModel):
    """A finished workbook."""

    file_id: str
    filename: str
    download_url: str
    size_bytes: int


class ImageError(BaseModel):
    """Why one image was not converted."""

    image: str
    error: str
    error_code: str


class TablePreview(BaseModel):
    """A found table in short: its size, title and top left corner."""

    index: int
    page: int
    rows: int
    cols: int
    title: str = ""
    preview: list[list[str]] = Field(
        default_factory=list[list[str]],
        description="At most 5 rows × 6 columns of texts, cut at 60 characters.",
    )


class JobSnapshot(BaseModel):
    """Where one job stands."""

    job_id: str
    status: JobStatusName
    progress: int = Field(ge=0, le=100)
    processed_images: int
    total_images: int
    primary_download_url: str | None = None
    error: str | None = None
    error_code: str | None = None


class Connection(Event):
    """The first message on a socket. Not part of the stream."""

    type: Literal["connection"] = "connection"
    recovered: bool = Field(
        description="True: everything after the cursor follows. "
        "False: the cursor is too old; `jobs` tells where all stands."
    )
    jobs: list[JobSnapshot] = Field(default_factory=list[JobSnapshot])


class JobProgress(Event):
    """The job moved on."""

    type: Literal["job_progress"] = "job_progress"
    status: JobStatusName
    progress: int = Field(ge=0, le=100)
    processed_images: int
    queue_position: int | None = Field(
        default=None, description="Among the jobs that have not begun, 1 for the next; null: it has begun."
    )
    estimated_seconds_left: float | None = Field(
        default=None,
        ge=0,
        description="Until the last image is read, from the measured pace; null: nothing measured yet.",
    )
    total_images: int
    current_image: str | None = None
    stage: str | None = Field(default=None, description="decode, prepare, words, tables, cells or workbook.")
    page: int | None = None
    pages: int | None = None


class SingleImageCompleted(Event):
    """One image is done: its tables, or why there are none."""

    type: Literal["single_image_completed"] = "single_image_completed"
    image: str
    image_id: str
    image_index: int
    success: bool
    tables: list[TablePreview] = Field(default_factory=list[TablePreview])
    tables_url: str | None = None
    download_url: str | None = None
    engine: str | None = None
    reused: bool = Field(default=False, description="Taken over from an earlier job of yours.")
    warnings: list[str] = Field(default_factory=list[str])
    error: str | None = None
    error_code: str | None = None


class JobCompleted(Event):
    """The job is over and has at least one workbook."""

    type: Literal["job_completed"] = "job_completed"
    status: Literal["completed", "partially_completed"]
    successful_images: int
    failed_images: int
    total_images: int
    files: list[FileLink]
    primary_download_url: str
    processing_time: float = Field(description="Seconds from acceptance.")
    expires_at: datetime
    errors: list[ImageError] = Field(default_factory=list[ImageError])


class JobError(Event):
    """The job is over without a workbook: it failed, was cancelled, or its retention time was over first."""

    type: Literal["job_error"] = "job_error"
    status: Literal["failed", "cancelled"] = "failed"
    error: str
    error_code: str
    errors: list[ImageError] = Field(default_factory=list[ImageError])


class System(Event):
    """A notice to the session, e.g. that the server is about to restart or that a job was erased."""

    type: Literal["system"] = "system"
    code: str
    message: str


AnyEvent = Annotated[
    Connection | JobProgress | SingleImageCompleted | JobCompleted | JobError | System,
    Field(discriminator="type"),
]

any_event: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
"""Parses and validates any event of the wire."""
