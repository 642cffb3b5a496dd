"""Jobs: status, list, cancel, erase, and the tables that were found."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from app.api.deps import JobId, UseDoors, UseVisitor
from app.api.job_answers import answer_of
from app.api.openapi import problems
from app.api.rate import limited
from app.jobs.tables import tables_of
from app.jobs.visitor import job_of
from app.models.jobs import ErasedFile, EraseReceipt, JobAnswer, JobsAnswer
from app.models.tables import TablesAnswer

router = APIRouter(prefix="/jobs", tags=["jobs"], dependencies=[Depends(limited("default"))])


@router.get("", summary="The session's jobs", responses=problems(401, 422, 429, 503))
async def list_jobs(doors: UseDoors, visitor: UseVisitor, response: Response) -> JobsAnswer:
    """Newest first. The session is named by its cookie or `X-Session-Id`; without one the list is empty."""
    response.headers["Cache-Control"] = "no-store"
    session = visitor.session_id
    jobs = [job for job in await doors.store.of_session(session) if visitor.may_see(job)] if session else []
    return JobsAnswer(jobs=[await answer_of(job, doors.line) for job in jobs])


@router.get("/{job_id}", summary="A job as it stands", responses=problems(401, 404, 410, 422, 429, 503))
async def get_job(job_id: JobId, doors: UseDoors, visitor: UseVisitor, response: Response) -> JobAnswer:
    """Status, progress, what became of each image, and the finished files."""
    response.headers["Cache-Control"] = "no-store"
    return await answer_of(await job_of(doors.store, job_id, visitor), doors.line)


@router.post(
    "/{job_id}/cancel", summary="Cancel a job", responses=problems(401, 404, 409, 410, 422, 429, 503)
)
async def cancel_job(job_id: JobId, doors: UseDoors, visitor: UseVisitor) -> JobAnswer:
    """Stops a job that waits or runs. Cancelling it again changes nothing; a job that ended is a conflict."""
    await job_of(doors.store, job_id, visitor)
    return await answer_of(await doors.cancel(job_id), doors.line)


@router.delete("/{job_id}", summary="Erase a job", responses=problems(401, 404, 410, 422, 429, 503))
async def erase_job(job_id: JobId, doors: UseDoors, visitor: UseVisitor) -> EraseReceipt:
    """Stops the job where it still runs, and erases its images, results and events for good."""
    await job_of(doors.store, job_id, visitor)
    receipt = await doors.erase(job_id)
    return EraseReceipt(
        job_id=receipt.job_id,
        erased_at=receipt.erased_at,
        files=len(receipt.files),
        bytes=sum(file.bytes for file in receipt.files),
        images=list(receipt.images),
        erased=[ErasedFile.model_validate(file, from_attributes=True) for file in receipt.files],
    )


@router.get("/{job_id}/tables", summary="The found tables", responses=problems(401, 404, 410, 422, 429, 503))
async def get_tables(job_id: JobId, doors: UseDoors, visitor: UseVisitor) -> TablesAnswer:
    """Cells with text, box and confidence, for every image that is converted so far."""
    job = await job_of(doors.store, job_id, visitor)
    return TablesAnswer(job_id=job_id, images=await tables_of(job, doors.files))
