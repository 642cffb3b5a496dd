"""The one door through which errors leave: every refusal becomes `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.api.request_log import route_template
from app.errors import (
    Conflict,
    Expired,
    InvalidRequest,
    NotFound,
    OlmOCRError,
    RateLimited,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from app.models.problem import MEDIA_TYPE, FieldProblem, Problem

log = structlog.get_logger()

_STATUS: dict[type[OlmOCRError], int] = {
    InvalidRequest: 422,
    TooLarge: 413,
    NotFound: 404,
    Expired: 410,
    Conflict: 409,
    Unauthorized: 401,
    RateLimited: 429,
    Unavailable: 503,
}
_STATUS_OF_CODE = {"unsupported_media_type": 415, "request_timeout": 408}
_CODES = {
    404: ("not_found", "There is nothing at this address. The API is described at /docs."),
    405: ("method_not_allowed", "This address does not know that method; see the Allow header and /docs."),
    413: ("request_too_large", "The request is too large; send less at once."),
    416: ("range_not_satisfiable", "The asked range lies outside the file; see the Content-Range header."),
}
_INTERNAL = "Something went wrong on our side. Try again; if it stays, report the instance of this answer."


def install(app: FastAPI) -> None:
    """Registers the door for everything that can be raised on a route."""
    app.exception_handler(OlmOCRError)(_named)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(ClientDisconnect)(_left)
    app.exception_handler(Exception)(_unknown)


def problem_response(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[FieldProblem] | None = None,
) -> Response:
    """The answer for one problem."""
    problem = Problem(
        type=f"urn:olmocr:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        instance=f"urn:olmocr:request:{getattr(request.state, 'request_id', 'unknown')}",
        errors=list(errors) if errors else None,
    )
    return Response(
        problem.model_dump_json(exclude_none=True),
        status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type=MEDIA_TYPE,
    )


async def _named(request: Request, error: OlmOCRError) -> Response:
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)
    status = _STATUS_OF_CODE.get(error.code, status)
    if status == 500:
        log.error("unexpected error on a route", code=error.code, exc_info=error)
        return problem_response(request, 500, "internal_error", _INTERNAL)
    headers: dict[str, str] = {}
    if isinstance(error, RateLimited | Unavailable):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = 'Bearer realm="olmocr"'
    return problem_response(request, status, error.code, error.message, headers=headers)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    errors = [_field(entry) for entry in error.errors()[:20]]
    detail = "; ".join(f"{entry.location}: {entry.message}" for entry in errors[:3])
    return problem_response(
        request, 422, "invalid_request", f"The request does not fit: {detail}.", errors=errors
    )


def _field(entry: Mapping[str, Any]) -> FieldProblem:
    return FieldProblem(location=".".join(str(part) for part in entry["loc"]), message=entry["msg"])


async def _http(request: Request, error: HTTPException) -> Response:
    code, detail = _CODES.get(error.status_code, ("http_error", str(error.detail)))
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers |= _allowed(request)
    return problem_response(request, error.status_code, code, detail, headers=headers)


def _allowed(request: Request) -> dict[str, str]:
    """All methods of the address; the router names those of one route alone."""
    described: dict[str, Any] = request.app.openapi()["paths"].get(route_template(request.scope), {})
    return {"Allow": ", ".join(sorted(method.upper() for method in described))} if described else {}


async def _left(request: Request, error: Exception) -> Response:
    """The client went away while it sent; nobody reads this answer."""
    return problem_response(request, 400, "client_left", "The request was not sent to its end.")


async def _unknown(request: Request, error: Exception) -> Response:
    """What has no name is logged by the server with its traceback; the client gets the reference alone."""
    return problem_response(request, 500, "internal_error", _INTERNAL)
