"""A server that was asked to stop answers what is on its way to it."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.jobs.job import new_id
from tests.support.server import RunningServer

_HEAD = b"Host: localhost\r\n"
_REQUEST = b"GET /health/live HTTP/1.1\r\n" + _HEAD
_UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
_KEY = b"Sec-WebSocket-Key: c2l4dGVlbiBieXRlcyEhIQ==\r\n"


def answer_of(client: socket.socket) -> str:
    """All that comes until the server closes the connection."""
    return b"".join(iter(lambda: client.recv(4096), b"")).decode()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[RunningServer]:
    server = RunningServer(tmp_path, {"WORKER_PROCESSES": "0"}, command=("app.cli", "serve"))
    server.start()
    yield server
    server.stop()
    assert "Traceback" not in server.log


def test_requests_on_their_way_are_answered(served: RunningServer) -> None:
    assert served.process is not None
    with ExitStack() as open_sockets:
        new, half, used, follower = [
            open_sockets.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=30))
            for _ in range(4)
        ]
        half.sendall(_REQUEST[:20])
        used.sendall(_REQUEST + b"\r\n")
        answered = b""
        while not answered.endswith(b"}"):
            answered += used.recv(4096)
        served.process.send_signal(signal.SIGTERM)
        served.wait_for_log("Shutting down")

        follower.sendall(b"GET /api/v1/ws/session/%s HTTP/1.1\r\n" % new_id().encode())
        follower.sendall(_HEAD + _UPGRADE + _KEY + b"\r\n")
        for client, rest in ((new, _REQUEST), (half, _REQUEST[20:]), (used, _REQUEST)):
            client.sendall(rest + b"\r\n")

        for client in (new, half, used):
            answer = answer_of(client).lower()
            assert answer.startswith("http/1.1 200 "), answer
            assert "\r\nconnection: close\r\n" in answer
        assert answer_of(follower).startswith("HTTP/1.1 503 ")
