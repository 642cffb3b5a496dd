"""A session's events as Server-Sent Events, for places where WebSockets are blocked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.api import metrics
from app.api.admission import may_follow
from app.api.deps import UseDoors, leaving_of
from app.api.openapi import EVENT_STREAM, problems
from app.api.rate import limited
from app.api.v1.session_stream import connection, refusal
from app.errors import InvalidRequest
from app.jobs.endings import end
from app.jobs.ports import Following

router = APIRouter(prefix="/sessions", tags=["sessions"], dependencies=[Depends(limited("default"))])

_CURSOR: dict[str, Any] = {"pattern": r"^(\d{1,20}-\d{1,20})?$"}
_SESSION: dict[str, Any] = {"pattern": "^[0-9a-f]{32}$"}


async def _following(
    request: Request,
    doors: UseDoors,
    session_id: Annotated[
        str, Path(examples=["4f3c2a1b0d9e8f7a6b5c4d3e2f1a0b9c"], json_schema_extra=_SESSION)
    ],
    after: Annotated[
        str | None,
        Query(
            description="Id of the last event that was seen.",
            examples=["1795341600000-0"],
            json_schema_extra=_CURSOR,
        ),
    ] = None,
    last_event_id: Annotated[
        str | None,
        Header(
            description="The same, as browsers say it when they connect again; wins over `after`.",
            examples=["1795341600000-0"],
            json_schema_extra=_CURSOR,
        ),
    ] = None,
) -> AsyncGenerator[tuple[str, Following]]:
    """Entered before the answer begins, so that what cannot be followed is refused with its status."""
    cursor = last_event_id or after or None
    if reason := refusal(session_id, cursor):
        raise InvalidRequest(reason)
    await may_follow(request, session_id)
    async with doors.feed.follow(session_id, cursor) as following:
        yield await connection(doors, session_id, following), following


@router.get(
    "/{session_id}/events",
    summary="A session's events as Server-Sent Events",
    response_class=EventSourceResponse,
    responses={200: EVENT_STREAM, **problems(401, 422, 429, 503)},
)
async def session_events(
    opened: Annotated[tuple[str, Following], Depends(_following)],
    leaving: Annotated[asyncio.Event, Depends(leaving_of)],
) -> AsyncIterator[ServerSentEvent]:
    """The same JSON events as on the socket `/api/v1/ws/session/{session_id}`, each under its `id`, so that a
    browser's `EventSource` goes on where it was. The stream ends when the server restarts."""
    first, following = opened
    with metrics.SOCKETS.track_inprogress():
        yield ServerSentEvent(raw_data=first)
        async for event in _until(leaving, following):
            yield ServerSentEvent(raw_data=event, id=following.cursor)


async def _until(leaving: asyncio.Event, following: Following) -> AsyncIterator[str]:
    stop = asyncio.create_task(leaving.wait())
    event = asyncio.create_task(_next(following))
    try:
        while True:
            await asyncio.wait({event, stop}, return_when=asyncio.FIRST_COMPLETED)
            if stop.done() or (text := event.result()) is None:
                return
            yield text
            event = asyncio.create_task(_next(following))
    finally:
        await end(event, stop)


async def _next(following: Following) -> str | None:
    """None: the client was too slow; it should connect again."""
    return await anext(following, None)
