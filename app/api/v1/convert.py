"""Image processing: a batch of images comes in."""

from __future__ import annotations

import re
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import APIRouter, BackgroundTasks, Depends, Header, Request, Response

from app.api import metrics
from app.api.client import client_address
from app.api.deps import Doors, UseDoors, UseVisitor, checked_session, keep_session
from app.api.openapi import BATCH_BODY, problems
from app.api.option_names import check_names
from app.api.rate import limited
from app.api.spool import spool_folder
from app.api.uploads.receive import receive_batch
from app.api.uploads.upload import UploadedBatch
from app.errors import InvalidRequest
from app.jobs import links
from app.jobs.job import JobOptions, Strategy, new_id
from app.jobs.submit import Upload
from app.jobs.visitor import Visitor
from app.models.jobs import BatchAccepted
from app.recognition.engine import EngineName
from app.workbook.options import WorkbookOptions

router = APIRouter(prefix="/convert", tags=["convert"])

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_SWITCH = {"true": True, "false": False}
Option = TypeVar("Option", bound=StrEnum)


async def _idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Makes a repeated request give the same job: 1 to 255 visible ASCII characters, "
            "best a random UUID. Remembered for 24 hours, or as long as the job where that is shorter.",
            examples=["5f0c1d3e-8a52-4c1b-9f6e-2d7a4b9c0e11"],
            json_schema_extra={"pattern": "^[!-~]{1,255}$"},
        ),
    ] = None,
) -> str | None:
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise InvalidRequest("Idempotency-Key must be 1 to 255 visible ASCII characters without blanks.")
    return idempotency_key


@router.post(
    "/batch",
    status_code=202,
    summary="Convert a batch of images",
    responses=problems(401, 408, 413, 415, 422, 429, 503),
    openapi_extra={"requestBody": BATCH_BODY},
    dependencies=[Depends(limited("default", "batch"))],
)
async def convert_batch(
    request: Request,
    response: Response,
    after: BackgroundTasks,
    doors: UseDoors,
    visitor: UseVisitor,
    key: Annotated[str | None, Depends(_idempotency_key)],
) -> BatchAccepted:
    """Takes images as base64 in JSON or as files in `multipart/form-data`; answers when all is stored safely.

    Follow the `websocket_url`, or ask the `status_url`. The session of the body's `session_id`, of
    `X-Session-Id` or of the cookie is continued; without one, a new one begins.
    """
    await doors.submit.check_room()
    async with spool_folder(doors.spool) as folder:
        batch = await receive_batch(request, folder, doors.limits)
        options = _options(batch.fields, doors.options)
        session_id = await _session(request, doors, batch, visitor, key)
        await keep_session(response, doors, session_id, visitor.key)
        job = await doors.submit(session_id, _uploads(batch), options, idempotency_key=key, key=visitor.key)
    after.add_task(doors.submit.begin, job)
    metrics.BATCHES.inc()
    metrics.IMAGES.inc(len(job.images))
    response.headers["Location"] = links.status_url(job.job_id)
    return BatchAccepted(
        job_id=job.job_id,
        session_id=session_id,
        status_url=links.status_url(job.job_id),
        websocket_url=links.websocket_url(session_id),
        total_images=len(job.images),
    )


def _uploads(batch: UploadedBatch) -> list[Upload]:
    return [Upload(image.filename, image.path, image.size_bytes, image.sha256) for image in batch.images]


async def _session(
    request: Request, doors: Doors, batch: UploadedBatch, visitor: Visitor, key: str | None
) -> str:
    """The body's session, the given one, or a new one. A client that repeats a request because it never saw
    the answer knows no session yet: its key leads it back."""
    if named := batch.fields.get("session_id", "").strip():
        return checked_session(named)
    if visitor.session_id is not None:
        return visitor.session_id
    client = f"{client_address(request)} {visitor.key}".strip()
    return await doors.session_for(client, key) if key else new_id()


def _options(fields: dict[str, str], default: JobOptions) -> JobOptions:
    check_names(fields)
    return JobOptions(
        engine=_option(EngineName, fields, "engine", default.engine),
        strategy=_option(Strategy, fields, "consolidation_strategy", default.strategy),
        output_format=fields.get("output_format", "").strip().lower() or default.output_format,
        join_continued=_switch(fields, "join_continued", default=default.join_continued),
        reuse=_switch(fields, "reuse", default=default.reuse),
        webhook_url=fields.get("webhook_url", "").strip(),
        zero_retention=default.zero_retention or _switch(fields, "zero_retention", default=False),
        workbook=WorkbookOptions(
            **{name: _switch(fields, name, default=on) for name, on in asdict(default.workbook).items()}
        ),
    )


def _switch(fields: dict[str, str], name: str, *, default: bool) -> bool:
    text = fields.get(name, "").strip().lower()
    if text not in ("", *_SWITCH):
        raise InvalidRequest(f"Unknown {name}; use true or false.", code="invalid_option")
    return _SWITCH.get(text, default)


def _option(kind: type[Option], fields: dict[str, str], name: str, default: Option) -> Option:
    text = fields.get(name, "").strip().lower() or default.value
    known = [option.value for option in kind]
    if text not in known:
        raise InvalidRequest(f"Unknown {name}; use one of {', '.join(known)}.", code="invalid_option")
    return kind(text)
