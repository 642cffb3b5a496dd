"""`olmocr-backend serve`: the same server as uvicorn's, with the same silence about ids."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from app.jobs.job import new_id
from tests.support.api import finished, follow, submit
from tests.support.server import ROOT, RunningServer


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Of all tests here; the last of them ends it."""
    folder = tmp_path_factory.mktemp("served")
    server = RunningServer(folder, {"LOG_FORMAT": "json"}, command=("app.cli", "serve"))
    try:
        server.start()
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()


def test_second_server_on_the_same_folder_is_refused_in_one_sentence(served: RunningServer) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "app.cli", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(served.data_dir), "REDIS_URL": "", "LOG_FORMAT": "console"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode != 0
    assert f"The server cannot start. Another server uses {served.data_dir}. " in second.stderr
    assert "Traceback" not in second.stderr
    assert served.is_ready()


@pytest.mark.parametrize("version", ["8", "13, 8", None])
def test_socket_of_another_version_is_told_ours(served: RunningServer, version: str | None) -> None:
    """RFC 6455, 4.2.2 and 4.4."""
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "c2l4dGVlbiBieXRlcyEhIQ==",
    }
    wanted = {"Sec-WebSocket-Version": version} if version else {}
    socket = f"{served.base_url}/api/v1/ws/session/{new_id()}"

    answer = httpx.get(socket, headers=upgrade | wanted)

    assert (answer.status_code, answer.headers["Sec-WebSocket-Version"]) == (426, "13")
    assert answer.headers["Upgrade"] == "websocket"


def test_log_is_json_alone_and_holds_no_whole_id(served: RunningServer) -> None:
    with httpx.Client(base_url=served.base_url, timeout=30) as client:
        accepted = submit(client, ("a.png", b"no image"))
        finished(client, accepted)
        with follow(client, accepted["session_id"]) as socket:
            socket.recv(timeout=10)
        client.get(accepted["status_url"])
    served.stop()

    lines = [json.loads(line) for line in served.log.splitlines()]
    assert [line for line in lines if line["event"] == "request" and line["status"] == 202]
    assert accepted["job_id"][:8] in served.log
    assert accepted["job_id"] not in served.log
    assert accepted["session_id"] not in served.log


@pytest.mark.parametrize(
    ("command", "settings", "said"),
    [
        ("serve", {"PORT": "99999"}, "PORT cannot be used"),
        ("worker", {"REDIS_URL": ""}, "`olmocr-backend serve` runs its own workers."),
    ],
)
def test_wrong_setting_ends_with_code_2_and_one_sentence(
    command: str, settings: dict[str, str], said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", command],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
