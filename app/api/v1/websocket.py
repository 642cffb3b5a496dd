"""The only socket: a session's events from its beginning, or after the last one that the client saw."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from app.api import metrics
from app.api.admission import may_follow
from app.api.deps import Doors, doors_of
from app.api.v1.session_stream import connection, refusal
from app.api.v1.socket_reader import TooTalkative, read_along
from app.errors import InvalidRequest, OlmOCRError, Unauthorized, Unavailable
from app.jobs.ports import Following

router = APIRouter(tags=["websocket"])
log = structlog.get_logger()

SLOW, INVALID, NO_KEY, TROUBLE = 1013, 4400, 4401, 1011
_CODES: dict[type[OlmOCRError], int] = {
    Unavailable: TROUBLE,
    InvalidRequest: INVALID,
    Unauthorized: NO_KEY,
}


class _TooSlow(Exception):
    """The client does not read."""


@router.websocket("/ws/session/{session_id}")
async def follow_session(
    websocket: WebSocket, session_id: str, after: Annotated[str | None, Query()] = None
) -> None:
    """Sends `connection`, then every event once and in order, then live ones, until either side closes."""
    await websocket.accept()
    reason = refusal(session_id, after)
    if reason:
        await websocket.close(INVALID, reason)
        return
    code, reason = TROUBLE, "Something went wrong; connect again with ?after=."
    try:
        with metrics.SOCKETS.track_inprogress():
            await may_follow(websocket, session_id)
            code, reason = await _follow(websocket, doors_of(websocket), session_id, after or None)
    except WebSocketDisconnect:
        code = 0
    except (Unavailable, InvalidRequest, Unauthorized) as error:
        code, reason = _CODES[type(error)], error.message
    finally:
        if code:
            await _close(websocket, doors_of(websocket).socket_send_s, code, reason)


async def _follow(websocket: WebSocket, doors: Doors, session_id: str, after: str | None) -> tuple[int, str]:
    """Serves the socket until it is over; returns the code and reason to close it with."""
    send = partial(_send, websocket, doors.socket_send_s)
    async with doors.feed.follow(session_id, after) as following:
        await send(await connection(doors, session_id, following))
        tasks = {
            asyncio.create_task(_send_all(send, following)),
            asyncio.create_task(read_along(websocket.receive, send)),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except _TooSlow:
            pass
        except TooTalkative as talk:
            return talk.code, talk.reason
        finally:
            await _stop(tasks)
    return SLOW, "Read too slowly; connect again with ?after= the last event."


async def _stop(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _send_all(send: Callable[[str], Awaitable[None]], following: Following) -> None:
    async for event in following:
        await send(event)


async def _send(websocket: WebSocket, patience_s: float, text: str) -> None:
    """The server's write buffer takes some 64 KiB; then this waits for the client, for a while."""
    try:
        async with asyncio.timeout(patience_s):
            await websocket.send_text(text)
    except TimeoutError:
        raise _TooSlow from None


async def _close(websocket: WebSocket, patience_s: float, code: int, reason: str) -> None:
    """A client that does not read is told when it reads again, for as long as it was waited for before; then
    its connection is reset (`UnreadLimit`)."""
    log.info("socket closed by the server", code=code, reason=reason)
    try:
        async with asyncio.timeout(patience_s):
            await websocket.close(code, reason)
    except (TimeoutError, RuntimeError, WebSocketDisconnect):
        log.debug("the socket was gone before it could be closed", code=code)
