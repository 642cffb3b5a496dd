"""Who is let in where API keys are asked for."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from app.api.deps import doors_of
from app.api.keys import presented_key
from app.errors import Unauthorized


async def admitted(connection: HTTPConnection) -> None:
    """Before every route but health and pages: the request brings a key. Unauthorized."""
    connection.state.key = doors_of(connection).keys.name_of(connection)


async def may_follow(connection: HTTPConnection, session_id: str) -> None:
    """Before a stream of events: a key, or the id of a session that was begun with one, since browsers give
    no headers to sockets. Unauthorized: neither, or the session was begun with another key."""
    doors = doors_of(connection)
    if not doors.keys:
        return
    begun_with = await doors.admissions.key_of(session_id)
    if presented_key(connection) is None and begun_with is not None:
        return
    if begun_with not in (None, doors.keys.name_of(connection)):
        raise Unauthorized("The session was begun with another API key.", code="api_key_unknown")
