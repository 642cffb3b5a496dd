"""One log line and one set of metrics for every HTTP request and socket; ids in paths are shortened."""

from __future__ import annotations

import re
import secrets
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import metrics
from app.jobs.job import without_ids

log = structlog.get_logger()

QUIET = ("/health/", "/metrics")
"""Paths that monitoring asks for again and again."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLog:
    """Gives each request an id (or takes the client's `X-Request-Id`), logs and measures it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        watch = _Watch(scope, send, request_id)
        try:
            await self.app(scope, receive, watch.send)
        finally:
            watch.log()


class _Watch:
    """What one request was answered with, and when."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self._scope = scope
        self._send = send
        self._request_id = request_id
        self._began = time.perf_counter()
        self._answered = 0.0
        self._status = 500

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = self._request_id
        elif message["type"] == "websocket.accept":
            self._status = 101
        elif message["type"] == "websocket.close" and self._status != 101:
            self._status = 403  # as servers answer a handshake that is not accepted (ASGI specification)
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self._answered = time.perf_counter()  # what is done after the answer keeps nobody waiting

    def log(self) -> None:
        seconds = (self._answered or time.perf_counter()) - self._began
        method = self._scope.get("method", "WS")
        metrics.count_request(method, route_template(self._scope), self._status, seconds)
        path = self._scope["path"]
        level = log.debug if path.startswith(QUIET) else log.info
        level(
            "request",
            method=method,
            path=without_ids(path)[:200],
            status=self._status,
            ms=round(seconds * 1000, 1),
            client=(self._scope.get("client") or ["-"])[0],
        )


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def route_template(scope: Scope) -> str:
    """The path with its parameters' names in place of their values; "unknown" where no route fits."""
    if "endpoint" not in scope:
        return "unknown"
    path: str = scope["path"]
    for name, value in scope.get("path_params", {}).items():
        path = path.replace(f"/{value}", f"/{{{name}}}", 1)
    return path
