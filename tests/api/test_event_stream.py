"""The session's events without a WebSocket: Server-Sent Events that a browser resumes by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from app.jobs.job import new_id
from tests.support.api import events_until, refusal, submit
from tests.support.event_source import event_source
from tests.support.server import RunningServer, running_server


@pytest.fixture(scope="module")
def told(server: RunningServer) -> list[dict[str, Any]]:
    """All events of a session with one finished job of two unreadable images, as the socket tells them."""
    with httpx.Client(base_url=server.base_url) as client:
        accepted = submit(client, ("a.png", b"no image"), ("b.png", b"no image either"))
        return events_until(client, accepted["session_id"], lambda event: event["type"] == "job_error")


def test_tells_what_the_socket_tells_and_goes_on_after_any_event(
    client: httpx.Client, told: list[dict[str, Any]]
) -> None:
    whole: list[dict[str, Any]] = []
    cursor = ""
    while len(whole) < len(told):
        with event_source(client, told[0]["session_id"], cursor) as source:
            events = iter(source)
            first = next(events)
            assert (first["type"], first["recovered"]) == ("connection", True)
            assert source.last_event_id == cursor  # `connection` is no event of the log
            whole.append(next(events))
            cursor = source.last_event_id

    assert whole == told
    assert source.response.headers["content-type"].startswith("text/event-stream")
    assert source.response.headers["x-accel-buffering"] == "no"


def test_cursor_in_the_address_serves_until_the_browser_knows_a_later_one(
    client: httpx.Client, told: list[dict[str, Any]]
) -> None:
    address = f"/api/v1/sessions/{told[0]['session_id']}/events?after={told[0]['id']}"
    for header, rest in ({}, told[1:]), ({"Last-Event-ID": told[1]["id"]}, told[2:]):
        with client.stream("GET", address, headers=header) as response:
            ids = (line[4:] for line in response.iter_lines() if line.startswith("id: "))
            assert [next(ids) for _ in rest] == [event["id"] for event in rest]


def test_cursor_of_another_time_brings_a_snapshot(client: httpx.Client, told: list[dict[str, Any]]) -> None:
    with event_source(client, told[0]["session_id"], "99999999999999-0") as source:
        first = next(iter(source))

    assert first["recovered"] is False
    assert [job["status"] for job in first["jobs"]] == ["failed"]


def test_batch_after_the_stream_was_opened_is_told_live(client: httpx.Client) -> None:
    with event_source(client, session := new_id()) as source:
        events = iter(source)
        next(events)
        with httpx.Client(base_url=client.base_url) as other:
            accepted = submit(other, ("a.png", b"no image"), session_id=session)
        assert next(events)["job_id"] == accepted["job_id"]


@pytest.mark.parametrize(("session", "cursor"), [("abc", ""), ("Z" * 32, ""), ("0" * 32, "latest")])
def test_what_cannot_be_followed_is_refused_before_the_stream(
    client: httpx.Client, session: str, cursor: str
) -> None:
    answer = client.get(f"/api/v1/sessions/{session}/events", headers={"Last-Event-ID": cursor})

    refusal(answer, 422, "invalid_request")


def test_stopped_server_ends_the_stream_and_is_gone_at_once(tmp_path: Path) -> None:
    with (
        running_server(tmp_path, WORKER_PROCESSES="0") as server,
        httpx.Client(base_url=server.base_url) as client,
        event_source(client, new_id()) as source,
    ):
        events = iter(source)
        next(events)
        server.stop()
        assert list(events) == []
    assert "Traceback" not in server.log
    assert "timeout graceful shutdown exceeded" not in server.log
