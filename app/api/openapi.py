"""What the API's description says besides what the signatures tell: bodies, problems, examples."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from app.models.problem import MEDIA_TYPE, Problem

_TINY_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
BATCH_OPTIONS: dict[str, Any] = {
    "engine": {"type": "string", "enum": ["auto", "local", "olmocr", "both"], "default": "auto"},
    "consolidation_strategy": {
        "type": "string",
        "enum": ["consolidated", "separate", "concatenated"],
        "default": "consolidated",
        "description": "One workbook, a sheet per table; a workbook per image; one sheet with all tables.",
    },
    "output_format": {
        "type": "string",
        "enum": ["xlsx", "csv", "json", "html", "markdown"],
        "default": "xlsx",
    },
    "join_continued": {
        "type": "boolean",
        "default": True,
        "description": "Tables that continue on the next page of a document become one; the tables as JSON "
        "keep its parts.",
    },
    "zero_retention": {
        "type": "boolean",
        "default": False,
        "description": "Names are not kept (images are called image-1, image-2 …), each image is erased once "
        "it is read, each result once it is downloaded whole. Workbooks show no parts of the images, "
        "which are gone when it is written. A server may do so for every batch.",
    },
    "reuse": {
        "type": "boolean",
        "default": True,
        "description": "An image that this session (or API key) had read before with the same options is not "
        "read again.",
    },
    "webhook_url": {
        "type": "string",
        "maxLength": 2048,
        "description": "Is told when the job is over (standardwebhooks.com), where WEBHOOK_SECRET is set.",
    },
    **{
        name: {"type": "boolean", "default": default, "description": description}
        for name, default, description in (
            ("title_and_notes", True, "Tables stand between their titles and notes, else alone (xlsx)."),
            ("mark_doubtful", True, "Doubtful cells are filled and carry a note (xlsx)."),
            ("review_sheet", True, "A sheet lists the doubtful cells with their parts of the image (xlsx)."),
            ("evidence_sheet", False, "A sheet lists what was read where for every cell (xlsx)."),
            ("source_images", False, "A sheet shows the pages that the tables stand on (xlsx)."),
            ("checks", True, "Sums and other relations between numbers are checked and listed (xlsx)."),
            ("live_totals", False, "Sums that are exactly right become formulas (xlsx)."),
        )
    },
    "session_id": {
        "type": "string",
        "pattern": "^([0-9a-f]{32})?$",
        "description": "Continues this session; best left out where the cookie is sent.",
    },
}
_IMAGE: dict[str, Any] = {
    "type": "object",
    "required": ["image"],
    "properties": {
        "image": {
            "type": "string",
            "format": "byte",
            "description": "The file as base64 or as a data:…;base64 URL.",
        },
        "filename": {"type": "string", "description": "Names sheets and messages."},
    },
}
BATCH_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["images"],
                "properties": {"images": {"type": "array", "minItems": 1, "items": _IMAGE}, **BATCH_OPTIONS},
            },
            "example": {
                "images": [{"image": _TINY_PNG, "filename": "table.png"}],
                "consolidation_strategy": "consolidated",
                "output_format": "xlsx",
            },
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["images"],
                "properties": {
                    "images": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string", "format": "binary"},
                        "description": "Image files; any field name will do.",
                    },
                    **BATCH_OPTIONS,
                },
            },
            "example": {"images": ["(the file's bytes)"], "engine": "auto"},
        },
    },
}
_EXAMPLES: dict[int, tuple[str, str]] = {
    401: ("api_key_missing", "This server asks for an API key. Send it as `Authorization: Bearer <key>`."),
    404: ("job_not_found", "There is no such job. Check the id."),
    408: ("request_timeout", "Nothing of the body arrived for 30 s; send it again."),
    409: ("job_finished", "The job has ended already; there is nothing to cancel."),
    410: ("expired", "The job's retention time is over; its files are erased."),
    413: ("too_many_images", "A batch may hold 20 images; send the rest in another one."),
    415: ("unsupported_media_type", "Send application/json or multipart/form-data."),
    416: ("range_not_satisfiable", "The file has 18220 bytes."),
    422: ("invalid_base64", "Image 1 (table.png) is not base64; send the file's bytes as base64."),
    429: ("rate_limited", "Too many requests: 120 in 60 s are allowed. Try again in 12 s."),
    503: (
        "store_unavailable",
        "The service cannot reach its store at the moment. Try again in a few seconds.",
    ),
}

DESCRIPTION = """
Images of tables in, a workbook that can be trusted out, with live progress.

1. `POST /api/v1/convert/batch` with images; the answer names the job and the session.
2. Open the WebSocket `/api/v1/ws/session/{session_id}` (at any time; `?after=<event id>` resumes): events are
   `connection`, `job_progress`, `single_image_completed`, `job_completed`, `job_error` and `system`.
   Where WebSockets are blocked, `GET /api/v1/sessions/{session_id}/events` streams the same.
3. `GET` the `primary_download_url` of `job_completed`.

Refusals are `application/problem+json` (RFC 9457): show `detail`, branch on `code`.
"""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documented refusals of a route, each with an example."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    code, detail = _EXAMPLES[status]
    phrase = HTTPStatus(status).phrase
    example = {
        "type": f"urn:olmocr:problem:{code}",
        "title": phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": "urn:olmocr:request:5b1f0c7e9a3d4c21",
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": phrase, "content": {MEDIA_TYPE: {"schema": schema, "example": example}}}


EVENT_STREAM: dict[str, Any] = {
    "description": "`connection`, then every event of the session, without end. `data` is the event's JSON.",
    "content": {
        "text/event-stream": {
            "example": 'data: {"type": "job_progress", "id": "1795341600000-0", "seq": 1, …}\n'
            "id: 1795341600000-0\n\n"
        }
    },
}
_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}, "example": "(the file's bytes)"}
_FILE: dict[str, Any] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _BYTES,
    "application/octet-stream": _BYTES,
}
FILE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file, with its own media type and name.", "content": _FILE},
    206: {"description": "The asked range of the file.", "content": _FILE},
    304: {"description": "Not changed since `If-None-Match`."},
    **problems(401, 404, 409, 410, 416, 422, 429, 503),
}


def with_problem_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Adds what the refusals refer to, and takes out FastAPI's own form of them."""
    schema["security"] = [{}, {"api_key": []}]
    security = {"type": "http", "scheme": "bearer", "description": "Where API_KEYS is set."}
    schema.setdefault("components", {})["securitySchemes"] = {"api_key": security}
    schemas: dict[str, Any] = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    model = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(model.pop("$defs", {}))
    schemas["Problem"] = model
    return schema
