"""What a client of the API does, in few words: submit, follow, wait."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

TERMINAL = ("job_completed", "job_error")
Event = dict[str, Any]


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def json_batch(*images: tuple[str, bytes], **options: Any) -> dict[str, Any]:
    """A body for `POST /api/v1/convert/batch`."""
    return {
        "images": [{"filename": name, "image": in_base64(content)} for name, content in images],
        **options,
    }


def submit(client: httpx.Client, *images: tuple[str, bytes], **options: Any) -> dict[str, Any]:
    """An accepted batch, posted as JSON."""
    answer = client.post("/api/v1/convert/batch", json=json_batch(*images, **options))
    assert answer.status_code == 202, answer.text
    return answer.json()


def follow(client: httpx.Client, session_id: str, after: str = "") -> ClientConnection:
    """An open socket of the session."""
    base = str(client.base_url).rstrip("/").replace("http", "ws", 1)
    return connect(f"{base}/api/v1/ws/session/{session_id}" + (f"?after={after}" if after else ""))


def events_until(
    client: httpx.Client, session_id: str, last: Callable[[Event], bool], after: str = ""
) -> list[Event]:
    """The session's events up to the first that fits, from the beginning or after a cursor."""
    told: list[Event] = []
    with follow(client, session_id, after) as socket:
        while not told or not last(told[-1]):
            event = json.loads(socket.recv(timeout=90))
            if event["type"] != "connection":
                told.append(event)
    return told


def finished(client: httpx.Client, accepted: dict[str, Any]) -> Event:
    """The last event of an accepted job."""

    def over(event: Event) -> bool:
        return event["type"] in TERMINAL and event["job_id"] == accepted["job_id"]

    return events_until(client, accepted["session_id"], over)[-1]


def refusal(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem of a refused request, checked for its form (RFC 9457)."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert problem["type"].endswith(code)
    assert problem["title"]
    assert problem["detail"].endswith(".")
    return problem
