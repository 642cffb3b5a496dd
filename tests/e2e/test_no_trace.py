"""A marker is planted in a filename and in a cell. After the job is erased nothing holds it any more: no file
of the data folder or the temporary one, no key of the store, no line of a log."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
import redis

from app.services.embedded_redis import EmbeddedRedis
from tests.support.api import finished, refusal
from tests.support.server import RunningServer, running_server

NAME, CELL = "kranich-4711", "ZIRKON"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("trace")
    (folder / "tmp").mkdir()
    with running_server(folder, TMPDIR=str(folder / "tmp"), LOG_LEVEL="debug") as running:
        with redis.Redis.from_url(EmbeddedRedis(running.data_dir).url) as store:
            store.config_set("rdbcompression", "no")  # else a marker may stand in the files and not be seen
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base_url, timeout=30) as visitor:
        yield visitor


def image() -> bytes:
    """A ruled table of two rows; its top left cell holds the marker."""
    page = np.full((300, 700, 3), 255, np.uint8)
    for row, texts in enumerate([(CELL, "Menge"), ("Quarz", "12")]):
        for col, text in enumerate(texts):
            corner = (40 + 310 * col, 40 + 110 * row)
            cv2.rectangle(page, corner, (corner[0] + 310, corner[1] + 110), (0, 0, 0), 2)
            place = (corner[0] + 20, corner[1] + 70)
            cv2.putText(page, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3, cv2.LINE_AA)
    return cv2.imencode(".png", page)[1].tobytes()


def convert(client: httpx.Client, **fields: str) -> dict[str, str]:
    answer = client.post(
        "/api/v1/convert/batch", files={"images": (f"{NAME}.png", image(), "image/png")}, data=fields
    )
    assert answer.status_code == 202, answer.text
    return answer.json()


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below the folder; those that go meanwhile are left out."""
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file():
                yield path.name, path.read_bytes()


def holders(folder: Path) -> set[str]:
    """Files whose bytes, or whose zipped parts, hold a marker."""
    return {name for name, content in contents(folder) if _holds(content)}


def _holds(content: bytes) -> bool:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return any(_holds(parts.read(part)) for part in parts.namelist())
    forms = [marker.encode(coding) for marker in (NAME, CELL) for coding in ("utf-8", "utf-16-le")]
    return any(form in content for form in forms)


def in_store(server: RunningServer) -> str:
    """Every key of the store with its value."""
    readers = {b"string": "get", b"hash": "hgetall", b"set": "smembers", b"stream": "xrange"}
    with redis.Redis.from_url(EmbeddedRedis(server.data_dir).url) as store:
        told: list[str] = []
        for key in store.keys("*"):
            read = readers.get(store.type(key))
            told.append(f"{key} {getattr(store, read)(key) if read else store.zrange(key, 0, -1)}")
    return "\n".join(told)


def wait_until_nothing_holds(server: RunningServer) -> None:
    """The append-only file is rewritten in the background: its server says when it is done."""
    with redis.Redis.from_url(EmbeddedRedis(server.data_dir).url) as store:
        for _ in range(600):
            about = store.info("persistence")
            if not about["aof_rewrite_in_progress"] and not holders(server.data_dir):
                return
            store.blpop(["nothing"], timeout=0.1)
    raise AssertionError(f"still held by {holders(server.data_dir)}")


def test_no_trace_of_an_erased_job(server: RunningServer, client: httpx.Client) -> None:
    accepted = convert(client)
    done = finished(client, accepted)
    assert done["type"] == "job_completed", done
    tables = client.get(f"{accepted['status_url']}/tables").text
    assert CELL in tables, "the cell must be read, or the test proves nothing"
    assert len(holders(server.data_dir)) >= 3  # tables, workbook, append-only file
    assert NAME in in_store(server)

    receipt = client.delete(accepted["status_url"]).json()

    wait_until_nothing_holds(server)
    told = in_store(server)
    assert NAME not in told
    assert CELL not in told
    erased = {file["sha256"] for file in receipt["erased"]}
    left = {hashlib.sha256(content).hexdigest() for _, content in contents(server.data_dir)}
    assert len(erased) == 3
    assert not erased & left


def test_without_retention_a_result_is_given_once(server: RunningServer, client: httpx.Client) -> None:
    accepted = convert(client, zero_retention="true")
    done = finished(client, accepted)
    assert done["type"] == "job_completed", done
    url = done["primary_download_url"]
    stored = list((server.data_dir / "files" / "jobs" / accepted["job_id"]).glob("*/*"))
    assert {path.parent.name for path in stored} == {"tables", "results"}
    assert client.head(url).headers["accept-ranges"] == "none"

    once = client.get(url, headers={"Range": "bytes=0-3"})

    assert once.status_code == 200
    assert _holds(once.content)
    refusal(client.get(url), 410, "already_downloaded")
    assert client.head(url).status_code == 410
    assert client.get(accepted["status_url"]).json()["images"][0]["image"] == "image-1"
    wait_until_nothing_holds(server)
    assert NAME not in in_store(server)
