"""Jobs as clients receive them over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.models.websocket import FileLink, JobStatusName

_JOB = "9a1b5f0c7e3d4c21a8e64f0b2d7c9e13"
_SESSION = "4f3c2a1b0d9e8f7a6b5c4d3e2f1a0b9c"
_IMAGE = "77e0c1d2b3a4958677e0c1d2b3a49586"
_FILE = "c0de9a1b5f0c7e3d4c21a8e64f0b2d7c"
_STATUS: JsonDict = {
    "job_id": _JOB,
    "status": "completed",
    "progress": 100,
    "processed_images": 1,
    "total_images": 1,
    "queue_position": None,
    "estimated_completion": None,
    "created_at": "2026-11-22T10:00:00Z",
    "finished_at": "2026-11-22T10:00:02.5Z",
    "expires_at": "2026-11-23T10:00:00Z",
    "engine": "auto",
    "consolidation_strategy": "consolidated",
    "output_format": "xlsx",
    "images": [
        {
            "image": "table.png",
            "image_id": _IMAGE,
            "image_index": 0,
            "size_bytes": 48211,
            "status": "completed",
            "tables": 1,
            "pages": 1,
            "engine": "local",
            "warnings": [],
            "seconds": 1.9,
            "reused": False,
            "spending": None,
            "error": None,
            "error_code": None,
        }
    ],
    "files": [
        {
            "file_id": _FILE,
            "filename": "table.xlsx",
            "download_url": f"/api/v1/download/{_FILE}",
            "size_bytes": 18220,
        }
    ],
    "primary_download_url": f"/api/v1/download/{_JOB}",
    "tables_url": f"/api/v1/jobs/{_JOB}/tables",
    "webhook": None,
    "spending": None,
    "error": None,
    "error_code": None,
}


class BatchAccepted(BaseModel):
    """The batch is stored and will be converted, whatever happens to the server."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "success": True,
                    "job_id": _JOB,
                    "session_id": _SESSION,
                    "status_url": f"/api/v1/jobs/{_JOB}",
                    "websocket_url": f"/api/v1/ws/session/{_SESSION}",
                    "total_images": 1,
                }
            ]
        }
    )

    success: Literal[True] = True
    job_id: str
    session_id: str = Field(description="Whoever has it reads the session's events: treat it as a password.")
    status_url: str
    websocket_url: str
    total_images: int = Field(ge=1)


class Spending(BaseModel):
    """What the olmOCR API was asked for, as far as the work is done."""

    requests: int = Field(ge=0, description="Answered ones, usable or not.")
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)
    price: float | None = Field(
        None, ge=0, description="By the settings OLMOCR_PRICE_IN and OLMOCR_PRICE_OUT; null without them."
    )
    estimated: bool = Field(False, description="Whether tokens that the API did not tell are estimated.")
    prompt: Literal["file", "package", "own"] = Field(
        description="Whose words the model was asked with: those of OLMOCR_PROMPT_FILE, of the installed "
        "`olmocr` package (which it was trained on), or our own."
    )
    crops: int = Field(
        0,
        ge=0,
        description="How many crops of tables, or bands of their rows, were read in place of their pages "
        "(small print, long tables); 0: every page was shown whole.",
    )


class ImageStatus(BaseModel):
    """One image of a job."""

    image: str = Field(description="Its filename, cleaned for display.")
    image_id: str
    image_index: int = Field(ge=0)
    size_bytes: int = Field(ge=0)
    status: Literal["pending", "completed", "failed"]
    tables: int = Field(0, ge=0)
    pages: int = Field(0, ge=0)
    engine: str | None = Field(None, description="The engine that did the work.")
    warnings: list[str] = Field(default_factory=list[str])
    seconds: float | None = Field(None, ge=0, description="Wall time of the recognition.")
    reused: bool = Field(False, description="The tables were taken over from an earlier job of yours.")
    spending: Spending | None = Field(None, description="null: the olmOCR API was not asked.")
    error: str | None = None
    error_code: str | None = None


class JobAnswer(BaseModel):
    """A job as it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [_STATUS]})

    job_id: str
    status: JobStatusName
    progress: int = Field(ge=0, le=100)
    processed_images: int = Field(ge=0)
    total_images: int = Field(ge=1)
    queue_position: int | None = Field(
        None, ge=1, description="Among the jobs that have not begun, 1 for the next; null: it has begun."
    )
    estimated_completion: datetime | None = Field(
        None, description="From the measured pace; null: the job is over, or nothing is measured yet."
    )
    created_at: datetime
    finished_at: datetime | None = None
    expires_at: datetime = Field(description="Input, results and the job itself are erased then.")
    engine: str = Field(description="As asked for.")
    consolidation_strategy: str
    output_format: str
    images: list[ImageStatus]
    files: list[FileLink]
    primary_download_url: str | None = None
    tables_url: str
    webhook: str | None = Field(
        None, description="Whether its `webhook_url` was told of the end: pending, delivered or failed."
    )
    spending: Spending | None = Field(
        None, description="Of all images so far; null: the olmOCR API was not asked."
    )
    error: str | None = None
    error_code: str | None = None


class JobsAnswer(BaseModel):
    """The jobs of a session, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"jobs": [_STATUS]}]})

    jobs: list[JobAnswer]


class ErasedFile(BaseModel):
    """A stored file that is gone."""

    kind: Literal["input", "tables", "results"]
    name: str = Field(description="`image_id` of an input or of its tables, `file_id` of a result.")
    bytes: int = Field(ge=0)
    sha256: str | None = Field(description="Of what was erased, as hexadecimal digits.")


class EraseReceipt(BaseModel):
    """Proof that a job, its images and its results are gone."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "job_id": _JOB,
                    "erased_at": "2026-11-22T10:10:00Z",
                    "files": 1,
                    "bytes": 48211,
                    "images": ["table.png"],
                    "erased": [{"kind": "input", "name": _IMAGE, "bytes": 48211, "sha256": "5e88" * 16}],
                }
            ]
        }
    )

    job_id: str
    erased_at: datetime
    files: int = Field(ge=0, description="Stored files that were erased: images, tables and results.")
    bytes: int = Field(ge=0, description="Their size in all.")
    images: list[str] = Field(description="Filenames of the source images.")
    erased: list[ErasedFile] = Field(description="Each of the files, with its hash.")


class SessionAnswer(BaseModel):
    """The session that the cookie or header names, or a new one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"session_id": _SESSION, "websocket_url": f"/api/v1/ws/session/{_SESSION}"}]
        }
    )

    session_id: str
    websocket_url: str


class HealthAnswer(BaseModel):
    """Whether the server lives, or is ready for work."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "degraded",
                    "checks": {
                        "store": "ok",
                        "files": "ok",
                        "disk": "ok",
                        "workers": "No worker is alive. Accepted images wait until one is.",
                        "queue": "ok",
                    },
                }
            ]
        }
    )

    status: Literal["alive", "ready", "degraded", "not_ready"]
    checks: dict[str, str] = Field(
        default_factory=dict[str, str], description="`ok`, or a sentence that says what is wrong."
    )
