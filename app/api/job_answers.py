"""Jobs in the wire language."""

from __future__ import annotations

from datetime import timedelta

from app.jobs import events, links
from app.jobs.job import Job, JobImage, Outcome
from app.jobs.patience import utc_now
from app.jobs.waiting import Outlook, WaitingLine
from app.models import jobs as wire
from app.models.jobs import ImageStatus, JobAnswer
from app.models.websocket import JobSnapshot
from app.recognition.spending import Spending


async def answer_of(job: Job, line: WaitingLine) -> JobAnswer:
    """The job as it stands, with its outlook where it is not over."""
    return job_answer(job, Outlook() if job.status.is_terminal else await line.outlook(job.job_id))


def job_answer(job: Job, outlook: Outlook) -> JobAnswer:
    """The job as it stands; without its session, since links to jobs are passed on."""
    left = outlook.seconds_left
    return JobAnswer(
        job_id=job.job_id,
        status=job.status.value,
        progress=job.progress,
        processed_images=len(job.outcomes),
        total_images=len(job.images),
        queue_position=outlook.queue_position,
        estimated_completion=None if left is None else utc_now() + timedelta(seconds=left),
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
        webhook=job.webhook or None,
        spending=_spending(job.spending),
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
        reused=outcome.reused,
        spending=_spending(outcome.spending),
        error=outcome.error,
        error_code=outcome.error_code,
    )


def _spending(spent: Spending | None) -> wire.Spending | None:
    return None if spent is None else wire.Spending.model_validate(spent, from_attributes=True)
