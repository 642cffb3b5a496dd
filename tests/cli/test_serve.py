"""`olmocr-backend serve`: the same server as uvicorn's, with the same silence about ids."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.api import finished, follow, submit
from tests.support.server import ROOT, RunningServer


@pytest.fixture
def served(tmp_path: Path) -> Iterator[RunningServer]:
    server = RunningServer(tmp_path, {"LOG_FORMAT": "json"}, command=("app.cli", "serve"))
    try:
        server.start()
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()


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
