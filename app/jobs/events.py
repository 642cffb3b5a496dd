"""Builds the events of a job. ``id`` and ``seq`` are given by the store, and so are
`progress`, `processed_images` and the outlook of `job_progress`: only the store sees all images at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.jobs import links
from app.jobs.job import Job, JobImage, JobStatus, Outcome, ResultFile
from app.models.tables import ImageTables, TableModel
from app.models.websocket import (
    FileLink,
    ImageError,
    JobCompleted,
    JobError,
    JobProgress,
    SingleImageCompleted,
    System,
    TablePreview,
)
from app.recognition.engine import Progress

PREVIEW_ROWS, PREVIEW_COLS, PREVIEW_TEXT = 5, 6, 60
PREVIEWED_TABLES = 10
"""Further tables of an image are told without their texts: the stream keeps each event."""


def job_progress(
    job: Job,
    at: datetime,
    *,
    status: JobStatus = JobStatus.PROCESSING,
    image: JobImage | None = None,
    passed: Progress | None = None,
    stage: str | None = None,
) -> JobProgress:
    """The job moved on: accepted, started, an image in its next stage, or (``stage``) in the workbook."""
    return JobProgress(
        timestamp=at,
        session_id=job.session_id,
        job_id=job.job_id,
        status=status.value,
        progress=job.progress,
        processed_images=len(job.outcomes),
        total_images=len(job.images),
        current_image=image.filename if image else None,
        stage=passed.stage.value if passed else stage,
        page=passed.page if passed else None,
        pages=passed.pages if passed else None,
    )


def single_image_completed(
    job: Job, image: JobImage, outcome: Outcome, tables: ImageTables | None, at: datetime
) -> SingleImageCompleted:
    """One image is done; ``tables`` is None when it failed."""
    found = tables.tables if tables else []
    previews = [table_preview(index, table) for index, table in enumerate(found)]
    if job.options.zero_retention:
        previews = [each.model_copy(update={"title": "", "preview": []}) for each in previews]
    return SingleImageCompleted(
        timestamp=at,
        session_id=job.session_id,
        job_id=job.job_id,
        image=image.filename,
        image_id=image.image_id,
        image_index=image.index,
        success=outcome.succeeded,
        tables=previews,
        tables_url=links.tables_url(job.job_id) if outcome.succeeded else None,
        engine=outcome.engine or None,
        reused=outcome.reused,
        warnings=list(outcome.warnings),
        error=outcome.error,
        error_code=outcome.error_code,
    )


def job_completed(job: Job, status: JobStatus, files: Sequence[ResultFile], at: datetime) -> JobCompleted:
    """``status`` is COMPLETED or PARTIALLY_COMPLETED."""
    successful = sum(outcome.succeeded for outcome in job.outcomes.values())
    partial = status is JobStatus.PARTIALLY_COMPLETED
    return JobCompleted(
        timestamp=at,
        session_id=job.session_id,
        job_id=job.job_id,
        status="partially_completed" if partial else "completed",
        successful_images=successful,
        failed_images=len(job.images) - successful,
        total_images=len(job.images),
        files=[file_link(file) for file in files],
        primary_download_url=links.download_url(job.job_id),
        processing_time=round((at - job.created_at).total_seconds(), 3),
        expires_at=job.expires_at,
        errors=image_errors(job),
    )


def job_error(
    job: Job, error: str, error_code: str, at: datetime, *, status: JobStatus = JobStatus.FAILED
) -> JobError:
    """``status`` is FAILED or CANCELLED."""
    return JobError(
        timestamp=at,
        session_id=job.session_id,
        job_id=job.job_id,
        status="cancelled" if status is JobStatus.CANCELLED else "failed",
        error=error,
        error_code=error_code,
        errors=image_errors(job),
    )


def job_expired(job: Job, at: datetime) -> JobError:
    """The last word on a job whose retention time was over before it was done; names no image."""
    return JobError(
        timestamp=at,
        session_id=job.session_id,
        job_id=job.job_id,
        error="The job's retention time was over before it was done; its files are erased. "
        "Convert the images again when the server has less to do.",
        error_code="job_expired",
    )


def job_erased(job: Job, at: datetime) -> System:
    """A notice to the session's other tabs."""
    return System(
        timestamp=at,
        session_id=job.session_id,
        job_id=job.job_id,
        code="job_erased",
        message="The job, its images and its results were erased on request.",
    )


def file_link(file: ResultFile) -> FileLink:
    """Where a finished workbook is found."""
    return FileLink(
        file_id=file.file_id,
        filename=file.filename,
        download_url=links.download_url(file.file_id),
        size_bytes=file.size_bytes,
    )


def image_errors(job: Job) -> list[ImageError]:
    """Why images failed, in batch order."""
    done = ((image, job.outcomes.get(image.image_id)) for image in job.images)
    return [
        ImageError(image=image.filename, error=outcome.error, error_code=outcome.error_code or "image_failed")
        for image, outcome in done
        if outcome is not None and outcome.error is not None
    ]


def table_preview(index: int, table: TableModel) -> TablePreview:
    """Size, title and the top left texts; a spanning cell's text stands in its first position."""
    rows, cols = min(table.rows, PREVIEW_ROWS), min(table.cols, PREVIEW_COLS)
    if index >= PREVIEWED_TABLES:
        rows = 0
    texts = [[""] * cols for _ in range(rows)]
    for cell in table.cells:
        if cell.row < rows and cell.col < cols:
            texts[cell.row][cell.col] = cell.text[:PREVIEW_TEXT]
    return TablePreview(
        index=index, page=table.page, rows=table.rows, cols=table.cols, title=table.title, preview=texts
    )
