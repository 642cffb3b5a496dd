"""Health for supervisors and load balancers; metrics for Prometheus."""

from __future__ import annotations

import asyncio
import shutil
from typing import Literal

from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.api import metrics
from app.api.admission import admitted
from app.api.deps import Check, UseDoors
from app.api.openapi import problems
from app.errors import OlmOCRError, Unavailable
from app.models.jobs import HealthAnswer

router = APIRouter(tags=["health"])

_CHECK_S = 3.0
Status = Literal["ready", "degraded"]


@router.get("/health/live", summary="Does the process live?")
async def live(response: Response) -> HealthAnswer:
    """Answers while the process serves requests at all; touches nothing else."""
    response.headers["Cache-Control"] = "no-store"
    return HealthAnswer(status="alive")


@router.get(
    "/health/ready",
    summary="Is the server ready for work?",
    responses={503: {"model": HealthAnswer, "description": "A part is away; `checks` says which."}},
)
async def ready(doors: UseDoors, response: Response) -> HealthAnswer:
    """503 `not_ready` when work can neither be taken nor handed out: store, files or room are missing.

    200 `degraded` when work is taken safely and waits: no worker is alive, or nothing comes of the queue.
    A load balancer that took this server out would make an outage of a delay. `checks` says `ok` or why not.
    """
    response.headers["Cache-Control"] = "no-store"
    named = {**doors.checks, **doors.concerns}
    reasons = await asyncio.gather(*(_reason(check) for check in named.values()))
    told = {name: reason or "ok" for name, reason in zip(named, reasons, strict=True)}
    vital = all(told[name] == "ok" for name in doors.checks)
    response.status_code = 200 if vital else 503
    rest: Status = "ready" if all(reason == "ok" for reason in told.values()) else "degraded"
    return HealthAnswer(status=rest if vital else "not_ready", checks=told)


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    responses=problems(401),
    response_class=Response,
    dependencies=[Depends(admitted)],
)
async def prometheus(doors: UseDoors) -> Response:
    """Text format 0.0.4: figures of this web process (requests, sockets, accepted batches) and of the whole
    deployment, which every web process tells alike: don't add them up."""
    try:
        async with asyncio.timeout(_CHECK_S):
            told = await doors.watch.standing(), await doors.watch.totals()
            metrics.SPENT.spending = await doors.spent()
    except (TimeoutError, Unavailable):
        told = None
    free = shutil.disk_usage(doors.spool).free
    return Response(metrics.exposition(told, free), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _reason(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_CHECK_S):
            return await check()
    except TimeoutError:
        return f"No answer within {_CHECK_S:g} s."
    except OlmOCRError as error:
        return error.message
    except OSError as error:
        return f"It cannot be used ({error.strerror})."
