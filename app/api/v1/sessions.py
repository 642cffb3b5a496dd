"""Sessions: anonymous visitors, made automatically."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from app.api.deps import UseDoors, UseVisitor, keep_session
from app.api.openapi import problems
from app.api.rate import limited
from app.jobs import links
from app.jobs.job import new_id
from app.models.jobs import SessionAnswer

router = APIRouter(prefix="/sessions", tags=["sessions"], dependencies=[Depends(limited("default"))])


@router.get("/current", summary="The visitor's session", responses=problems(401, 422, 429, 503))
async def current_session(doors: UseDoors, visitor: UseVisitor, response: Response) -> SessionAnswer:
    """The session of the cookie or of `X-Session-Id`; a new one where there is none.

    Not needed before a batch, which begins a session by itself; useful to open the socket first.
    """
    session_id = visitor.session_id or new_id()
    await keep_session(response, doors, session_id, visitor.key)
    response.headers["Cache-Control"] = "no-store"
    return SessionAnswer(session_id=session_id, websocket_url=links.websocket_url(session_id))
