"""Health for supervisors and load balancers; metrics for Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.api import metrics
from app.api.admission import admitted
from app.api.deps import UseDoors
from app.api.openapi import problems
from app.errors import OlmOCRError, Unavailable
from app.models.jobs import HealthAnswer

router = APIRouter(tags=["health"])

_CHECK_S = 2.0


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
    """200 when the store answers and files can be kept, else 503."""
    response.headers["Cache-Control"] = "no-store"
    names = list(doors.checks)
    fine = await asyncio.gather(*(_passes(doors.checks[name]) for name in names))
    response.status_code = 200 if all(fine) else 503
    return HealthAnswer(
        status="ready" if all(fine) else "not_ready",
        checks={name: "ok" if ok else "away" for name, ok in zip(names, fine, strict=True)},
    )


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    responses=problems(401),
    response_class=Response,
    dependencies=[Depends(admitted)],
)
async def prometheus(doors: UseDoors) -> Response:
    """Text format 0.0.4; figures of this web process, of the queue, and of what all workers spent."""
    try:
        metrics.WAITING.set(await doors.store.waiting_images())
        metrics.SPENT.spending = await doors.spent()
    except Unavailable:
        metrics.WAITING.set(float("nan"))
    return Response(metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _passes(check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(_CHECK_S):
            return await check()
    except (TimeoutError, OlmOCRError, OSError):
        return False
