"""Use case: lay the tables of a job whose images all have an outcome into workbooks, and end the job."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from functools import partial

import structlog

from app.errors import Expired, NotFound, OlmOCRError, WorkbookTooLarge
from app.jobs import events, links
from app.jobs.attempts import MAX_ATTEMPTS, forgiven
from app.jobs.cuttings import JobCuttings
from app.jobs.job import Job, JobStatus, ResultFile, result_file_id, short
from app.jobs.output_ports import OutputFile, OutputWriter
from app.jobs.patience import Clock, insist, utc_now
from app.jobs.ports import FileStore, JobStore
from app.jobs.retention import erase_if_gone
from app.jobs.tables import tables_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FinishJob:
    """May be called any number of times: files have the same ids in every try, the first end stays."""

    store: JobStore
    files: FileStore
    outputs: OutputWriter
    cuttings: JobCuttings
    clock: Clock = utc_now

    async def __call__(self, job_id: str) -> None:
        """Raises only what a later try may mend."""
        try:
            job = await insist(partial(self.store.get, job_id))
        except (NotFound, Expired):
            return
        if job.status.is_terminal or job.pending:
            return
        if job.options.zero_retention:  # again: whoever read the last image may have died over it
            await self.files.delete_prefix(links.inputs_prefix(job_id))
        if not any(outcome.succeeded for outcome in job.outcomes.values()):
            await self._fail(job, *_why_all_failed(job))
            return
        attempt = await insist(partial(self.store.count_attempt, job_id, "workbook"))
        if attempt > MAX_ATTEMPTS:
            reason = "The workbook could not be written. The tables can still be read as JSON."
            await self._fail(job, reason, OlmOCRError.code)
        else:
            async with forgiven(self.store, job_id, "workbook"):
                await self._complete(job, with_images=attempt < MAX_ATTEMPTS)

    async def _complete(self, job: Job, *, with_images: bool) -> None:
        """``with_images``: False for the last attempt, since they are what most likely ended the others."""
        at_work = events.job_progress(job, self.clock(), stage="workbook")
        await insist(lambda: self.store.progress(job.job_id, at_work))
        try:
            files = await self._write(job, with_images=with_images)
        except WorkbookTooLarge as refusal:
            await self._fail(job, refusal.message, refusal.code)
            return
        failed = any(not outcome.succeeded for outcome in job.outcomes.values())
        status = JobStatus.PARTIALLY_COMPLETED if failed else JobStatus.COMPLETED
        now = self.clock()
        event = events.job_completed(job, status, files, now)
        ended = await insist(
            lambda: self.store.finish(job.job_id, status, event, files=files, finished_at=now)
        )
        log.info("job ended", job=short(job.job_id), status=status.value, first=ended)
        if not ended:
            await erase_if_gone(self.store, self.files, job.job_id)

    async def _write(self, job: Job, *, with_images: bool) -> list[ResultFile]:
        tables = await tables_of(job, self.files)
        planned = await asyncio.to_thread(self.outputs.plan, tables, job.options)
        cuttings = await self.cuttings(job, tables, planned.cutouts if with_images else ())
        outputs = await asyncio.to_thread(planned.files, cuttings)
        return [await self._keep(job, output) for output in outputs]

    async def _keep(self, job: Job, output: OutputFile) -> ResultFile:
        file = ResultFile(
            result_file_id(job.job_id, output.filename),
            output.filename,
            len(output.content),
            hashlib.sha256(output.content).hexdigest(),
            output.media_type,
        )
        key = links.result_key(job.job_id, file.file_id)
        await insist(lambda: self.files.put(key, output.content))
        return file

    async def _fail(self, job: Job, error: str, error_code: str) -> None:
        now = self.clock()
        event = events.job_error(job, error, error_code, now)
        await insist(
            lambda: self.store.finish(
                job.job_id, JobStatus.FAILED, event, error=error, error_code=error_code, finished_at=now
            )
        )
        log.info("job ended", job=short(job.job_id), status=JobStatus.FAILED.value, error_code=error_code)


def _why_all_failed(job: Job) -> tuple[str, str]:
    """The public sentence and the code; the images' own where they have it in common."""
    errors = events.image_errors(job)
    codes = {error.error_code for error in errors}
    code = codes.pop() if len(codes) == 1 else "image_failed"
    if len({error.error for error in errors}) == 1:
        return errors[0].error, code
    return f"None of the {len(errors)} images could be converted; `errors` says why for each.", code
