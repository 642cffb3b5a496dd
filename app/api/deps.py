"""What routes are given: use cases, ports and values from the wiring; and what a request says of itself.

Dependencies are ``async`` even where they wait for nothing: FastAPI runs others in threads, four a request.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Cookie, Depends, Header, Response
from fastapi import Path as PathParameter
from starlette.requests import HTTPConnection

from app.api.keys import Admissions, ApiKeys
from app.api.rate import RateLimits
from app.errors import InvalidRequest, NotFound
from app.jobs.cancel import CancelJob
from app.jobs.job import JobOptions
from app.jobs.limits import Limits
from app.jobs.ports import EventFeed, FileStore, JobStore
from app.jobs.retention import EraseJob, HandOver
from app.jobs.submit import Submit
from app.jobs.visitor import Visitor
from app.jobs.waiting import WaitingLine
from app.jobs.watch import Watch
from app.recognition.spending import Spending

SESSION_COOKIE = "session_id"
Check = Callable[[], Awaitable[str | None]]
"""None, or a public sentence that says what is wrong."""
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Doors:
    """Everything behind the routes."""

    submit: Submit
    cancel: CancelJob
    erase: EraseJob
    hand_over: HandOver
    store: JobStore
    line: WaitingLine
    files: FileStore
    feed: EventFeed
    limits: Limits
    rates: RateLimits
    keys: ApiKeys
    admissions: Admissions
    spool: Path
    """A folder for request bodies on their way in."""
    checks: dict[str, Check]
    """Without these nothing can be accepted or handed out, by name."""
    concerns: dict[str, Check]
    """Without these what was accepted waits."""
    watch: Watch
    session_for: Callable[[str, str], Awaitable[str]]
    """The session of (client address, idempotency key): the same each time, and not to be guessed."""
    spent: Callable[[], Awaitable[Spending]]
    """At olmOCR APIs, by all workers."""
    socket_send_s: float = 20.0
    """A client that takes no message for so long is cut off; it may connect again with its cursor."""
    options: JobOptions = field(default_factory=JobOptions)
    """Where the client says nothing else."""
    cookie_secure: bool = False
    cookie_seconds: int = 24 * 3600


def doors_of(connection: HTTPConnection) -> Doors:
    """The doors that the application was opened with."""
    return connection.app.state.doors


async def _doors(connection: HTTPConnection) -> Doors:
    return doors_of(connection)


UseDoors = Annotated[Doors, Depends(_doors)]


async def leaving_of(connection: HTTPConnection) -> asyncio.Event:
    """Set as soon as the server is asked to stop: then answers without an end must end."""
    return connection.app.state.leaving


def is_id(text: str) -> bool:
    """Whether it has the form of our ids: 32 hexadecimal digits in lower case."""
    return _ID.fullmatch(text) is not None


def _known_form(job_id: str) -> str:
    if not is_id(job_id):
        raise NotFound("There is no such job. Check the id.")
    return job_id


async def _job_id(
    job_id: Annotated[
        str,
        PathParameter(
            description="The id that the batch was accepted with.",
            examples=["9a1b5f0c7e3d4c21a8e64f0b2d7c9e13"],
        ),
    ],
) -> str:
    return _known_form(job_id)


JobId = Annotated[str, Depends(_job_id)]


async def given_session(
    session_id: Annotated[str | None, Cookie(include_in_schema=False)] = None,
    x_session_id: Annotated[
        str | None,
        Header(
            description="The session, for clients without its cookie.",
            examples=["4f3c2a1b0d9e8f7a6b5c4d3e2f1a0b9c"],
            json_schema_extra={"pattern": "^[0-9a-f]{32}$"},
        ),
    ] = None,
) -> str | None:
    """The session that the header or else the cookie names. A damaged cookie counts as none: the visitor
    could not mend it. InvalidRequest: the header is no session id."""
    if x_session_id is not None:
        return checked_session(x_session_id)
    return session_id if session_id and is_id(session_id) else None


GivenSession = Annotated[str | None, Depends(given_session)]


async def visitor(connection: HTTPConnection, session: GivenSession) -> Visitor:
    """Who asks."""
    return Visitor(session, getattr(connection.state, "key", ""))


UseVisitor = Annotated[Visitor, Depends(visitor)]


def checked_session(session_id: str) -> str:
    """The id itself. InvalidRequest (invalid_session): not of the form of our ids."""
    if not is_id(session_id):
        raise InvalidRequest(
            "This is no session id. Leave it out to begin a new session.", code="invalid_session"
        )
    return session_id


async def keep_session(response: Response, doors: Doors, session_id: str, key: str) -> None:
    """Lets the browser continue the session. InvalidRequest: it was begun with another API key."""
    if key and not await doors.admissions.admit(session_id, key):
        raise InvalidRequest(
            "The session was begun with another API key; leave it out.", code="invalid_session"
        )
    response.set_cookie(
        SESSION_COOKIE,
        session_id,
        max_age=doors.cookie_seconds,
        httponly=True,
        samesite="lax",
        secure=doors.cookie_secure,
    )
