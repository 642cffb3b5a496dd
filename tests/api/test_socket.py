"""The session's socket: first message, late connection, resumption, and clients that misbehave."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from app.jobs.job import new_id
from app.models.websocket import any_event
from tests.support.api import events_until, finished, follow, submit
from tests.support.server import RunningServer


@pytest.fixture(scope="module")
def told(server: RunningServer) -> list[dict[str, Any]]:
    """All events of a session with one finished job of two unreadable images."""
    with httpx.Client(base_url=server.base_url) as client:
        accepted = submit(client, ("a.png", b"no image"), ("b.png", b"no image either"))
        finished(client, accepted)
        return events_until(client, accepted["session_id"], lambda event: event["type"] == "job_error")


def closed(socket: ClientConnection) -> tuple[int, str]:
    """Code and reason with which the server closes."""
    with suppress(ConnectionClosed):
        for _ in socket:
            pass
    assert socket.close_code is not None
    return socket.close_code, socket.close_reason or ""


def test_first_message_is_the_connection(client: httpx.Client) -> None:
    session = new_id()
    with follow(client, session) as socket:
        first = json.loads(socket.recv(timeout=10))

    assert first["type"] == "connection"
    assert first["session_id"] == session
    assert first["recovered"] is True


def test_every_message_is_of_the_documented_form(told: list[dict[str, Any]]) -> None:
    for event in told:
        assert any_event.validate_python(event)
    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    assert {"job_progress", "single_image_completed", "job_error"} <= {event["type"] for event in told}


def test_resumed_socket_goes_on_after_the_cursor(client: httpx.Client, told: list[dict[str, Any]]) -> None:
    session = told[0]["session_id"]
    for seen in (0, len(told) // 2, len(told) - 2):
        rest = events_until(client, session, lambda event: event["type"] == "job_error", told[seen]["id"])
        assert rest == told[seen + 1 :]


def test_cursor_of_another_time_is_not_recovered(client: httpx.Client, told: list[dict[str, Any]]) -> None:
    with follow(client, told[0]["session_id"], "99999999999999-0") as socket:
        first = json.loads(socket.recv(timeout=10))

    assert first["recovered"] is False
    [job] = first["jobs"]
    assert (job["job_id"], job["status"]) == (told[0]["job_id"], "failed")


def test_socket_opened_before_the_batch_gets_its_events_live(client: httpx.Client) -> None:
    session = client.get("/api/v1/sessions/current").json()["session_id"]
    with follow(client, session) as socket:
        socket.recv(timeout=10)
        accepted = submit(client, ("a.png", b"no image"))

        event = json.loads(socket.recv(timeout=10))

    assert (event["type"], event["status"], event["job_id"]) == ("job_progress", "queued", accepted["job_id"])


@pytest.mark.parametrize("session", ["abc", "Z" * 32, "0" * 33, "%2e%2e", "*", "%00"])
def test_malformed_session_is_closed_with_a_reason(server: RunningServer, session: str) -> None:
    with connect(f"{server.ws_url}/api/v1/ws/session/{session}") as socket:
        code, reason = closed(socket)

    assert code == 4400
    assert "session id" in reason


@pytest.mark.parametrize("after", ["x", "1-", "-1", "$", "1-1-1", "9" * 40])
def test_malformed_cursor_is_closed_with_a_reason(client: httpx.Client, after: str) -> None:
    with follow(client, new_id(), after) as socket:
        code, reason = closed(socket)

    assert code == 4400
    assert "after" in reason


def test_ping_is_answered_and_other_messages_are_ignored(client: httpx.Client) -> None:
    with follow(client, new_id()) as socket:
        socket.recv(timeout=10)
        socket.send("subscribe everything")
        socket.send(b"\x00\x01")
        socket.send("ping")

        assert socket.recv(timeout=10) == "pong"
        assert socket.ping().wait(10)


def test_too_long_a_message_ends_the_socket(client: httpx.Client) -> None:
    with follow(client, new_id()) as socket:
        socket.send("x" * 5000)

        assert closed(socket)[0] == 1009


def test_too_many_messages_end_the_socket(client: httpx.Client) -> None:
    with follow(client, new_id()) as socket:
        for _ in range(61):
            socket.send("hello")

        assert closed(socket)[0] == 1008


def test_client_closes_in_peace(client: httpx.Client, server: RunningServer) -> None:
    with follow(client, new_id()) as socket:
        socket.recv(timeout=10)
        socket.close(1000)

        assert socket.close_code == 1000
    assert "Traceback" not in server.log


def test_session_ids_never_stand_whole_in_the_log(client: httpx.Client, server: RunningServer) -> None:
    session = client.get("/api/v1/sessions/current").json()["session_id"]
    submit(client, ("a.png", b"x"), session_id=session)
    with follow(client, session) as socket:
        socket.recv(timeout=10)
    client.get("/api/v1/jobs")

    assert session[:8] in server.log
    assert session not in server.log


def test_socket_at_an_unknown_address_is_no_fault_of_the_server(
    client: httpx.Client, server: RunningServer
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{server.ws_url}/api/v1/ws/jobs/{new_id()}")

    assert refused.value.response.status_code == 403
    server.wait_for_log(r"path=/api/v1/ws/jobs/\S+ .*status=403")
    assert 'method="WS",route="unknown",status="403"' in client.get("/metrics").text
