"""Finished files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import StreamingResponse

from app.api.deps import Doors, UseDoors, UseVisitor, is_id
from app.api.errors import problem_response
from app.api.filenames import content_disposition
from app.api.openapi import FILE_ANSWERS
from app.api.ranges import Unsatisfiable, asked_range
from app.api.rate import limited
from app.errors import Conflict, Expired, NotFound
from app.jobs import links
from app.jobs.job import Job, ResultFile
from app.jobs.visitor import Visitor, job_of

router = APIRouter(prefix="/download", tags=["download"], dependencies=[Depends(limited("default"))])

FileOrJobId = Annotated[
    str,
    Path(
        description="A job's id for its primary file, or the id of one of its files.",
        examples=["9a1b5f0c7e3d4c21a8e64f0b2d7c9e13"],
    ),
]

_NOT_THERE = "There is no such file. Check the link."
_NOT_YOURS = (
    "There is no such file in your session. Check the link; one that was passed on to you opens "
    "without your session, for example in a private window."
)
"""Said alike of files that do not exist and of those of other sessions."""


@router.head("/{file_or_job_id}", include_in_schema=False)
@router.get(
    "/{file_or_job_id}", summary="Download a workbook", responses=FILE_ANSWERS, response_class=Response
)
async def download(
    request: Request, file_or_job_id: FileOrJobId, doors: UseDoors, visitor: UseVisitor
) -> Response:
    """The file itself, with its name; one byte range may be asked for. 409 until the job is finished.

    Of a job with `zero_retention` the file is given once: it is erased when a `GET` was answered to its end,
    and answers 410 then. `HEAD`, 304 and a connection that breaks leave it; ranges are not served.
    """
    job, file = await _find(doors, file_or_job_id, visitor)
    once = job.options.zero_retention
    headers = {
        "Content-Disposition": content_disposition(file.filename),
        "Accept-Ranges": "none" if once else "bytes",
        "ETag": f'"{file.sha256}"',
        "Cache-Control": "private, no-cache",
    }
    if file.sha256 in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    try:
        asked = None if once else _asked(request, file)
    except Unsatisfiable:
        outside = {"Content-Range": f"bytes */{file.size_bytes}"}
        return problem_response(
            request, 416, "range_not_satisfiable", f"The file has {file.size_bytes} bytes.", headers=outside
        )
    return await _answer(request, doors, job, file, asked, headers)


async def _answer(
    request: Request,
    doors: Doors,
    job: Job,
    file: ResultFile,
    asked: tuple[int, int] | None,
    headers: dict[str, str],
) -> Response:
    key = links.result_key(job.job_id, file.file_id)
    await _check_there(doors, key, job)
    start, end = asked or (0, file.size_bytes)
    headers["Content-Length"] = str(end - start)
    if asked:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size_bytes}"
    status = 206 if asked else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=file.media_type)
    pieces = doors.files.stream(key, start, end)
    if job.options.zero_retention:
        pieces = _once(request, pieces, partial(doors.hand_over, job, file))
    return StreamingResponse(pieces, status, headers, file.media_type)


async def _check_there(doors: Doors, key: str, job: Job) -> None:
    """An erased file is found out before the answer begins."""
    try:
        await doors.files.size(key)
    except NotFound as missing:
        if not job.options.zero_retention:
            raise
        raise Expired(
            "The file was downloaded and is erased, as the job asked. Convert the images again.",
            code="already_downloaded",
        ) from missing


async def _once(
    request: Request, pieces: AsyncIterator[bytes], hand_over: Callable[[], Awaitable[None]]
) -> AsyncIterator[bytes]:
    """The pieces, and then the end of their file, unless the client has gone before it took the last one."""
    async for piece in pieces:
        yield piece
    if not await request.is_disconnected():
        await hand_over()


def _asked(request: Request, file: ResultFile) -> tuple[int, int] | None:
    condition = request.headers.get("if-range")
    if condition is not None and condition != f'"{file.sha256}"':
        return None
    return asked_range(request.headers.get("range"), file.size_bytes)


async def _find(doors: Doors, wanted: str, visitor: Visitor) -> tuple[Job, ResultFile]:
    if not is_id(wanted):
        raise NotFound(_NOT_THERE, code="file_not_found")
    try:
        job = await job_of(doors.store, wanted, visitor)
    except NotFound:
        return await _find_file(doors, wanted, visitor)
    if not job.files:
        raise Conflict(_why_nothing(job), code="no_result")
    return job, job.files[0]


async def _find_file(doors: Doors, wanted: str, visitor: Visitor) -> tuple[Job, ResultFile]:
    try:
        job = await doors.store.get(await doors.store.job_of_file(wanted))
    except NotFound:
        job = None
    if job is None or not visitor.may_see(job):
        raise NotFound(_NOT_YOURS if visitor.session_id else _NOT_THERE, code="file_not_found")
    return job, next(file for file in job.files if file.file_id == wanted)


def _why_nothing(job: Job) -> str:
    if not job.status.is_terminal:
        return "The job is not finished yet. Follow its events or its status, then download."
    return f"The job has no file to download: it is {job.status.value}. {job.error or ''}".strip()
