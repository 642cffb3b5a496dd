"""Jobs in the wire language."""

from __future__ import annotations

from app.jobs import events, links
from app.jobs.job import Job, JobImage, Outcome
from app.models.jobs import ImageStatus, JobAnswer
from app.models.websocket import JobSnapshot


def job_answer(job: Job) -> JobAnswer:
    """The job as it stands; without its session, since links to jobs are passed on."""
    return JobAnswer(
        job_id=job.job_id,
        status=job.status.value,
        progress=job.progress,
        processed_images=len(job.outcomes),
        total_images=len(job.images),
        created_at=job.created_at,
        finished_at=job.finished_at,
        expires_at=job.expires_at,
        engine=job.options.engine.value,
        consolidation_strategy=job.options.strategy.value,
        output_format=job.options.output_format,
        images=[_image_status(job, image) for image in job.images],
        files=[events.file_link(file) for file in job.files],
        primary_download_url=_primary(job),
        tables_url=links.tables_url(job.job_id),
        error=job.error,
        error_code=job.error_code,
    )


def job_snapshot(job: Job) -> JobSnapshot:
    """Where the job stands, in short."""
    return JobSnapshot(
        job_id=job.job_id,
        status=job.status.value,
        progress=job.progress,
        processed_images=len(job.outcomes),
        total_images=len(job.images),
        primary_download_url=_primary(job),
        error=job.error,
        error_code=job.error_code,
    )


def _primary(job: Job) -> str | None:
    return links.download_url(job.job_id) if job.files else None


def _image_status(job: Job, image: JobImage) -> ImageStatus:
    outcome = job.outcomes.get(image.image_id) or Outcome(image.image_id)
    done = image.image_id in job.outcomes
    return ImageStatus(
        image=image.filename,
        image_id=image.image_id,
        image_index=image.index,
        size_bytes=image.size_bytes,
        status=("completed" if outcome.succeeded else "failed") if done else "pending",
        tables=outcome.tables,
        pages=outcome.pages,
        engine=outcome.engine or None,
        warnings=list(outcome.warnings),
        seconds=outcome.seconds if done else None,
        error=outcome.error,
        error_code=outcome.error_code,
    )
