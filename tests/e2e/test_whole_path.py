"""The product as a user meets it: images posted to a real server, the socket cut, processes killed."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.server import RunningServer, running_server

EXAMPLES = Path(__file__).parents[2] / "examples"
TRUTH = json.loads((EXAMPLES / "truth.json").read_text(encoding="utf-8"))
TERMINAL = {"job_completed", "job_error"}
Event = dict[str, Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("e2e"), BATCH_RATE_LIMIT="") as running:
        yield running


def submit(server: RunningServer, *names: str, **fields: str) -> dict[str, Any]:
    files = [("images", (name, (EXAMPLES / name).read_bytes())) for name in names]
    answer = httpx.post(f"{server.base_url}/api/v1/convert/batch", files=files, data=fields, timeout=30)
    assert answer.status_code == 202, answer.text
    return answer.json()


def socket(server: RunningServer, session_id: str, after: str | None = None) -> ClientConnection:
    cursor = f"?after={after}" if after else ""
    return connect(f"{server.ws_url}/api/v1/ws/session/{session_id}{cursor}")


def events_until(stream: ClientConnection, *types: str, count: int = 10**6) -> list[Event]:
    """Events from now to the first of one of ``types``, at most ``count``; without `connection`."""
    told: list[Event] = []
    while len(told) < count and not (told and told[-1]["type"] in types):
        event = json.loads(stream.recv(timeout=90))
        if event["type"] != "connection":
            told.append(event)
    return told


def workbook(server: RunningServer, url: str) -> openpyxl.Workbook:
    answer = httpx.get(server.base_url + url).raise_for_status()
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def _seconds(completed: Event) -> str:
    return f"{completed['total_images']} images in {completed['processing_time']:.1f} s"


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_example_images_come_out_cell_by_cell(
    server: RunningServer, record_property: Callable[[str, object], None]
) -> None:
    accepted = submit(server, *sorted(path.name for stem in TRUTH for path in EXAMPLES.glob(f"{stem}.*")))

    with socket(server, accepted["session_id"]) as stream:
        told = events_until(stream, *TERMINAL)

    assert told[-1]["type"] == "job_completed", told[-1]
    assert told[-1]["status"] == "completed"
    record_property("figure: the example images, one worker, models not loaded yet", _seconds(told[-1]))
    tables = httpx.get(f"{server.base_url}/api/v1/jobs/{accepted['job_id']}/tables").json()
    for image in tables["images"]:
        read = [{plain(cell["text"]) for cell in table["cells"]} for table in image["tables"]]
        for truth, texts in zip(TRUTH[Path(image["image"]).stem]["grids"], read, strict=True):
            lost = {plain(cell["text"]) for cell in truth["cells"]} - texts
            assert not lost, f"{image['image']}: {lost}"
    book = workbook(server, told[-1]["primary_download_url"])
    assert len(book.sheetnames) >= sum(len(truth["grids"]) for truth in TRUTH.values())


def test_numbers_are_numbers_and_headers_are_merged(server: RunningServer) -> None:
    accepted = submit(server, "ruled_spanning.png")
    with socket(server, accepted["session_id"]) as stream:
        done = events_until(stream, *TERMINAL)[-1]

    sheet = workbook(server, done["primary_download_url"]).worksheets[0]

    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert {53371, 58600, 1475} <= set(values)
    assert sheet["A1"].value == "Depot"
    assert {str(area) for area in sheet.merged_cells.ranges} >= {"C1:D1", "E1:F1", "A1:A2"}


def test_socket_cut_at_any_event_goes_on_without_gap_or_double(server: RunningServer) -> None:
    accepted = submit(server, "ruled_spanning.png", "unruled_financial.png")
    whole: list[Event] = []

    while not whole or whole[-1]["type"] not in TERMINAL:
        with socket(server, accepted["session_id"], whole[-1]["id"] if whole else None) as stream:
            whole += events_until(stream, *TERMINAL, count=2)

    assert [event["seq"] for event in whole] == list(range(1, len(whole) + 1))
    with socket(server, accepted["session_id"]) as late:
        assert events_until(late, *TERMINAL) == whole


def test_killed_worker_costs_time_but_no_image(server: RunningServer) -> None:
    accepted = submit(server, "ruled_spanning.png", "unruled_financial.png", "invoice_european.png")
    with socket(server, accepted["session_id"]) as stream:
        events_until(stream, "single_image_completed")
        for worker in server.children("app.worker"):
            worker.kill()
        told = events_until(stream, *TERMINAL)

    assert told[-1]["status"] == "completed"
    with socket(server, accepted["session_id"]) as late:
        log = events_until(late, *TERMINAL)
    images = [event["image"] for event in log if event["type"] == "single_image_completed"]
    assert sorted(images) == ["invoice_european.png", "ruled_spanning.png", "unruled_financial.png"]


def test_accepted_job_survives_the_death_of_everything(tmp_path: Path) -> None:
    server = RunningServer(tmp_path / "data")
    server.start()
    try:
        accepted = submit(server, "ruled_spanning.png", "unruled_financial.png")
        with socket(server, accepted["session_id"]) as stream:
            events_until(stream, "job_progress")
        server.kill()
        server.start()

        with socket(server, accepted["session_id"]) as stream:
            told = events_until(stream, *TERMINAL)

        assert told[-1]["status"] == "completed"
        assert sum(event["type"] == "single_image_completed" for event in told) == 2
        assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    finally:
        server.stop()


def test_one_bad_image_never_harms_the_others(server: RunningServer) -> None:
    files = [
        ("images", ("broken.png", b"not an image at all")),
        ("images", ("ruled.png", (EXAMPLES / "ruled_spanning.png").read_bytes())),
    ]
    accepted = httpx.post(f"{server.base_url}/api/v1/convert/batch", files=files).json()

    with socket(server, accepted["session_id"]) as stream:
        done = events_until(stream, *TERMINAL)[-1]

    assert done["status"] == "partially_completed"
    assert [error["error_code"] for error in done["errors"]] == ["unsupported_format"]
    assert done["files"]
