"""The web application: routes, error door and middleware put together; what lies behind comes later."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import errors, openapi
from app.api.admission import admitted
from app.api.pages import pages
from app.api.request_log import QUIET, RequestLog
from app.api.security import AnswerHeaders, Origins
from app.api.unread import UnreadLimit
from app.api.v1 import convert, download, event_stream, health, jobs, sessions, websocket
from app.errors import SetupError

_TRACES_ALONE: TelemetryConfig = {
    "metrics": False,
    "logs": False,  # they would carry the messages of exceptions
    "operation_spans": False,
    "auto_configure": False,
    "exclude": lambda scope: scope["path"].startswith(QUIET),
}
"""Spans of requests and sockets, where the process exports traces; /metrics and logs are our own."""


@dataclass(frozen=True, slots=True)
class WebOptions:
    """What the application must know before its doors open."""

    version: str
    cors_origins: tuple[str, ...]
    test_page: Path
    unread_s: float
    """A connection whose client takes nothing for so long is reset."""


class Application(FastAPI):
    """FastAPI inside our middleware, so that its answers to unforeseen errors carry our headers too."""

    def __init__(self, options: WebOptions, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]):
        super().__init__(
            title="OlmOCR Backend",
            version=options.version,
            description=openapi.DESCRIPTION,
            docs_url=None,
            redoc_url=None,
            lifespan=lifespan,
            telemetry=_TRACES_ALONE,
        )
        self._options = options
        errors.install(self)
        for room in (convert, jobs, download, sessions):
            self.include_router(room.router, prefix="/api/v1", dependencies=[Depends(admitted)])
        for room in (event_stream, websocket):  # these ask `may_follow`
            self.include_router(room.router, prefix="/api/v1")
        self.include_router(health.router)
        self.include_router(pages(options.test_page))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, plain_failure(send) if scope["type"] == "lifespan" else send)

    def build_middleware_stack(self) -> ASGIApp:
        inner = AnswerHeaders(super().build_middleware_stack())
        return UnreadLimit(RequestLog(Origins(inner, self._options.cors_origins)), self._options.unread_s)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = openapi.with_problem_schema(super().openapi())
        return self.openapi_schema


def plain_failure(send: Send) -> Send:
    """Tells in one sentence why the server cannot start, where there is one (SetupError)."""

    async def send_plainly(message: Message) -> None:
        if message["type"] == "lifespan.startup.failed":
            name, _, reason = message["message"].strip().rpartition("\n")[2].partition(": ")
            if name.endswith(SetupError.__name__):
                message = {**message, "message": f"The server cannot start. {reason}"}
        await send(message)

    return send_plainly
