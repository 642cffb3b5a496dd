"""Limits over time, on a server of their own with tight settings and two web processes."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
import redis

from app.jobs.job import new_id
from app.models.websocket import Connection
from app.services import redis_keys
from app.services.embedded_redis import EmbeddedRedis
from tests.support.api import json_batch, refusal
from tests.support.server import RunningServer, running_server

BATCH = "/api/v1/convert/batch"


SETTINGS = {
    "BATCH_RATE_LIMIT": "2/minute",
    "RATE_LIMIT": "1000/minute",
    "FILE_RETENTION_HOURS": "0.0003",
    "SOCKET_SEND_TIMEOUT_S": "0.5",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("tight"), "--workers", "2", **SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def tight(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base_url, timeout=30) as client:
        yield client


def test_limits_are_told_then_enforced_and_expired_is_gone(tight: httpx.Client) -> None:
    accepted = [tight.post(BATCH, json=json_batch(("a.png", b"x"))) for _ in range(2)]

    assert [answer.status_code for answer in accepted] == [202, 202]
    policy = accepted[0].headers["ratelimit-policy"]
    assert '"batch";q=2;w=60' in policy
    assert '"default";q=1000;w=60' in policy
    assert re.search(r'"batch";r=1;t=\d+', accepted[0].headers["ratelimit"])
    assert re.search(r'"batch";r=0;t=\d+', accepted[1].headers["ratelimit"])

    refused = tight.post(BATCH, json=json_batch(("a.png", b"x")))
    refusal(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert re.search(r'"batch";r=0', refused.headers["ratelimit"])
    assert tight.get("/health/live").headers.get("ratelimit") is None

    job = accepted[0].json()
    while (answer := tight.get(job["status_url"])).status_code == 200:
        assert answer.headers["ratelimit"].startswith('"default"')
    refusal(answer, 410, "expired")
    refusal(tight.get(f"/api/v1/download/{job['job_id']}"), 410, "expired")


def test_client_that_does_not_read_is_cut_off(server: RunningServer) -> None:
    session = new_id()
    event = Connection(timestamp=datetime.now(UTC), session_id=session, recovered=True)
    padded = event.model_dump_json(exclude={"id", "seq"})[:-1] + ', "padding": "' + "x" * 20_000 + '"}'
    with redis.Redis.from_url(EmbeddedRedis(server.data_dir).url) as store, store.pipeline() as many:
        for seq in range(1, 501):
            many.xadd(redis_keys.session_events(session), {"seq": seq, "event": padded}, id=f"{seq}-0")
        many.execute()

    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(30)
        line.connect(("127.0.0.1", server.port))
        line.sendall(
            f"GET /api/v1/ws/session/{session} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert line.recv(12) == b"HTTP/1.1 101"
        server.wait_for_log(rf"method=WS .*path=/api/v1/ws/session/{session[:8]}")

        received = 0
        while piece := line.recv(65536):
            received += len(piece)
    assert received < 500 * 20_000, "the rest was never sent"
