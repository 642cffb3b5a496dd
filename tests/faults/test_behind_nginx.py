"""The service behind a real nginx: with our configuration as `deploy/` has it, and with its bare defaults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from app.jobs.job import new_id
from tests.support.api import events_until, finished, follow, json_batch, refusal, submit
from tests.support.event_source import event_source
from tests.support.nginx import running_nginx
from tests.support.raw_socket import PING, PONG, TEXT, RawSocket, frame
from tests.support.server import RunningServer

ROOT = Path(__file__).parents[2]
OURS = (ROOT / "deploy" / "nginx.conf").read_text()
BARE = "server { listen 80; location / { proxy_pass http://127.0.0.1:8000; } }"
IDLE_S = 4
"""After which nginx ends a silent connection here; its default is 60."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    settings = {"MAX_REQUEST_MB": "6", "MAX_FILE_SIZE_MB": "4", "PING_INTERVAL_S": "1"}
    server = RunningServer(
        tmp_path_factory.mktemp("server"), settings, command=("tests.support.web_with_engine",)
    )
    server.start()
    yield server
    server.stop()


def proxied(
    server: RunningServer, folder: Path, configuration: str, http: str = ""
) -> Iterator[httpx.Client]:
    assert "127.0.0.1:8000" in configuration
    configuration = configuration.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
    with running_nginx(folder, configuration, http) as port:
        transport = httpx.HTTPTransport(local_address="127.0.0.2")
        base = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=base, transport=transport, timeout=60) as client:
            yield client


@pytest.fixture(scope="module")
def client(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Comes from 127.0.0.2 to our configuration."""
    folder = tmp_path_factory.mktemp("nginx") / "ours"
    yield from proxied(server, folder, OURS, f"proxy_read_timeout {IDLE_S}s;")


@pytest.fixture(scope="module")
def bare(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    yield from proxied(server, tmp_path_factory.mktemp("nginx") / "bare", BARE)


def directives(text: str) -> list[str]:
    return [
        " ".join(line.split()) for line in re.search(r"location / {(.*?)}", text, re.DOTALL)[1].splitlines()
    ]


def test_guide_and_containers_have_the_same_lines() -> None:
    guide = (ROOT / "WEBSOCKET_GUIDE.md").read_text()
    compose = (ROOT / "compose.yaml").read_text().replace("$$", "$").replace("web:8000", "127.0.0.1:8000")

    assert directives(guide) == directives(compose) == directives(OURS)


def test_job_of_large_images_is_followed_and_downloaded(client: httpx.Client, server: RunningServer) -> None:
    image = b"|".join([b"x" * 30_000] * 20)
    answer = client.post("/api/v1/convert/batch", files=[("images", (f"{n}.png", image)) for n in range(3)])
    accepted = answer.raise_for_status().json()
    events = events_until(client, accepted["session_id"], lambda event: event["type"] == "job_completed")

    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    resumed = events_until(
        client, accepted["session_id"], lambda event: event["type"] == "job_completed", events[1]["id"]
    )
    assert resumed == events[2:]
    with event_source(client, accepted["session_id"]) as source:
        told = iter(source)
        next(told)
        assert [next(told) for _ in events] == events
    assert client.get(events[-1]["primary_download_url"]).content.startswith(b"PK")
    assert re.search(r"client=127\.0\.0\.2 .*path=/api/v1/convert/batch", server.log)


def test_too_large_a_request_gets_the_servers_own_answer(client: httpx.Client) -> None:
    body = json_batch(("a.png", b"x" * (7 << 20)))

    refusal(client.post("/api/v1/convert/batch", json=body), 413, "request_too_large")


def test_pings_keep_a_silent_socket_open(client: httpx.Client) -> None:
    session = new_id()
    with RawSocket(client.base_url.port or 0, f"/api/v1/ws/session/{session}") as socket:
        frames = socket.frames()
        assert next(frames).opcode == TEXT
        for _ in range(2 * IDLE_S):
            ping = next(frames)
            assert ping.opcode == PING
            socket.send(frame(PONG, ping.payload))
        submit(client, ("a.png", b"a|b"), session_id=session)
        assert json.loads(next(each for each in frames if each.opcode == TEXT).payload)["seq"] == 1


def test_bare_nginx_passes_event_streams_and_small_batches(bare: httpx.Client) -> None:
    session = new_id()
    with event_source(bare, session) as source:
        events = iter(source)
        next(events)
        with httpx.Client(base_url=bare.base_url) as other:
            submit(other, ("a.png", b"a|b"), session_id=session)
        assert next(event for event in events if event["type"] == "job_completed")["status"] == "completed"

    refused = bare.post("/api/v1/convert/batch", json=json_batch(("a.png", b"x" * (1 << 20))))
    assert (refused.status_code, refused.headers["content-type"]) == (413, "text/html")
    with pytest.raises(InvalidStatus):
        follow(bare, session)


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_sixty_silent_seconds_end_nothing(server: RunningServer, tmp_path: Path) -> None:
    """With nginx's own limit: event streams are kept open by comments, one each 15 s."""
    for client in proxied(server, tmp_path / "nginx", OURS):
        session = new_id()
        with event_source(client, session) as source:
            events = iter(source)
            next(events)
            silent = (line for line in source.lines if line)
            assert [next(silent)[0] for _ in range(5)] == [":"] * 5  # 75 seconds
            with httpx.Client(base_url=client.base_url) as other:
                finished(other, submit(other, ("a.png", b"a|b"), session_id=session))
            assert next(events)["seq"] == 1
