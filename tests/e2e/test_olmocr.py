"""olmOCR behind the whole product: a stand-in for the API, a real server, its workers killed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from websockets.sync.client import connect

from tests.support.chat_server import KEY, MODEL, ChatServer, Reply, answer, chat_server, refused
from tests.support.server import RunningServer, running_server

IMAGE = Path(__file__).parents[2] / "examples" / "ruled_spanning.png"
PAGE = """---
primary_language: en
is_rotation_valid: True
rotation_correction: 0
is_table: True
is_diagram: False
---
<table><tr><th>Port</th><th>Calls</th></tr><tr><td>Turku</td><td>1,204.50</td></tr></table>"""


@pytest.fixture(scope="module")
def api() -> Iterator[ChatServer]:
    with chat_server() as running:
        running.script(answer(PAGE))
        yield running


@pytest.fixture(scope="module")
def server(api: ChatServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    settings = {
        "OLMOCR_API_KEY": KEY,
        "OLMOCR_BASE_URL": api.url,
        "OLMOCR_MODEL": MODEL,
        "OLMOCR_CONCURRENCY": "2",
        "OLMOCR_PRICE_IN": "0.1",
        "OLMOCR_PRICE_OUT": "0.2",
        "WORKER_PROCESSES": "2",
        "LOG_LEVEL": "debug",
    }
    with running_server(tmp_path_factory.mktemp("olmocr"), **settings) as running:
        yield running


def submit(server: RunningServer, count: int = 1, **fields: str) -> dict[str, Any]:
    files = [("images", (f"t{number}.png", IMAGE.read_bytes())) for number in range(count)]
    url = f"{server.base_url}/api/v1/convert/batch"
    return httpx.post(url, files=files, data=fields, timeout=30).raise_for_status().json()


def ended(server: RunningServer, accepted: dict[str, Any]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    with connect(f"{server.ws_url}/api/v1/ws/session/{accepted['session_id']}") as stream:
        while not told or told[-1]["type"] not in ("job_completed", "job_error"):
            told.append(json.loads(stream.recv(timeout=120)))
    return told


def job(server: RunningServer, accepted: dict[str, Any]) -> dict[str, Any]:
    return httpx.get(f"{server.base_url}/api/v1/jobs/{accepted['job_id']}").raise_for_status().json()


def workbook(server: RunningServer, accepted: dict[str, Any]) -> bytes:
    url = f"{server.base_url}/api/v1/download/{accepted['job_id']}"
    return httpx.get(url).raise_for_status().content


def test_job_tells_what_it_spent(server: RunningServer, api: ChatServer) -> None:
    api.script(answer(PAGE))

    accepted = submit(server, 3)
    ended(server, accepted)

    told = job(server, accepted)
    assert told["status"] == "completed"
    assert {image["engine"] for image in told["images"]} == {"olmocr"}
    one = {"requests": 1, "prompt_tokens": 1500, "completion_tokens": 300, "price": 0.00021}
    assert told["images"][0]["spending"] == one | {"estimated": False, "prompt": "own", "crops": 0}
    assert told["spending"]["requests"] == 3
    assert told["spending"]["price"] == pytest.approx(0.00063)
    assert api.most_at_once <= 2
    metrics = httpx.get(f"{server.base_url}/metrics").text
    assert "olmocr_api_requests_total 3.0" in metrics
    assert 'olmocr_api_tokens_total{kind="prompt"} 4500.0' in metrics
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(server, accepted))).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet["A1:B2"]] == [["Port", "Calls"], ["Turku", 1204.5]]


def test_killed_workers_cost_a_second_request_but_no_image(server: RunningServer, api: ChatServer) -> None:
    api.requests.clear()
    api.script(Reply(PAGE, then="hang"), answer(PAGE))
    accepted = submit(server, engine="olmocr")
    with connect(f"{server.ws_url}/api/v1/ws/session/{accepted['session_id']}") as stream:
        while json.loads(stream.recv(timeout=60)).get("stage") != "tables":
            pass

    for worker in server.children("app.worker"):
        worker.kill()

    assert ended(server, accepted)[-1]["type"] == "job_completed"
    assert len(api.requests) == 2


def test_fall_back_is_marked_everywhere_and_the_key_stands_nowhere(
    server: RunningServer, api: ChatServer
) -> None:
    api.script(refused(401, f"Incorrect API key provided: {KEY}"))
    try:
        accepted = submit(server)
        events = ended(server, accepted)
    finally:
        api.script(answer(PAGE))

    told = job(server, accepted)
    sentence = "Read by the local engine, since olmocr failed: The olmOCR API rejected the key."
    done = next(event for event in events if event["type"] == "single_image_completed")
    book = workbook(server, accepted)
    assert done["engine"] == told["images"][0]["engine"] == "local"
    assert done["warnings"] == told["images"][0]["warnings"] == [sentence]
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(book)) for row in sheet for cell in row]
    assert sentence in {cell.value for cell in cells}
    server.wait_for_log("rejected the key")
    parts = zipfile.ZipFile(io.BytesIO(book))
    stored = [path.read_bytes() for path in server.data_dir.rglob("*") if path.is_file()]
    said = [json.dumps(events), json.dumps(told), httpx.get(f"{server.base_url}/metrics").text]
    everything = [*map(str.encode, said), *map(parts.read, parts.namelist()), *stored]
    assert not [text[:200] for text in everything if KEY.encode() in text]
    assert any(b"***" in text for text in stored), "the log has what the API said, without the key"
