"""A data folder that is moved away or full: clear refusals, nothing lost, nothing begun anew in its place."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.api import finished, json_batch, refusal, submit
from tests.support.server import RunningServer
from tests.support.waiting import until_true

COMMAND = ("tests.support.web_with_engine",)


@contextmanager
def serving(folder: Path, logs: Path) -> Iterator[tuple[RunningServer, httpx.Client]]:
    settings = {"DATA_DIR": str(folder), "MIN_FREE_DISK_MB": "0"}  # the small disk has less from the start
    server = RunningServer(logs, settings, command=COMMAND)
    try:
        server.start()
        with httpx.Client(base_url=server.base_url, timeout=30) as client:
            yield server, client
    finally:
        server.stop()


def post(client: httpx.Client) -> httpx.Response:
    return client.post("/api/v1/convert/batch", json=json_batch(("a.png", b"a|b")))


def accepted(client: httpx.Client) -> Callable[[], bool]:
    return lambda: post(client).status_code == 202


def converted(client: httpx.Client, job: dict[str, str]) -> bytes:
    assert finished(client, job)["status"] == "completed"
    return client.get(f"/api/v1/download/{job['job_id']}").raise_for_status().content


def test_moved_folder_is_missed_and_never_made_anew(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    with serving(folder, tmp_path / "logs") as (server, client):
        job = submit(client, ("a.png", b"a|b"))
        workbook = converted(client, job)

        folder.rename(elsewhere)
        refusal(post(client), 503, "store_unavailable")
        assert client.get(f"/api/v1/download/{job['job_id']}").status_code == 503
        [store] = server.children("valkey-server")
        store.kill()
        server.wait_for_log("was moved or removed while its server ran")
        refusal(post(client), 503, "store_unavailable")
        assert not folder.exists()

        elsewhere.rename(folder)
        until_true(accepted(client))
        assert converted(client, job) == workbook
        converted(client, submit(client, ("b.png", b"c|d")))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], check=False)
    if mounted.returncode != 0:
        pytest.skip("only who may mount a file system can fill one up; run the tests as root")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path) -> Path:
    """A file that takes what is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(os.urandom(size))
            except OSError:
                size //= 2
    return filler


def test_full_disk_refuses_and_keeps_what_was_accepted(small_disk: Path, tmp_path: Path) -> None:
    with serving(small_disk / "data", tmp_path / "logs") as (server, client):
        [worker] = server.children("worker_with_engine")
        worker.suspend()
        job = submit(client, *((f"{n}.png", f"image {n}|b".encode()) for n in range(3)))

        filler = fill(small_disk)
        worker.resume()
        refusal(post(client), 503, "store_unavailable")
        server.wait_for_log("the disk is full; make room|No space left|Unavailable")
        filler.unlink()

        until_true(accepted(client))
        workbook = converted(client, job)
        [store] = server.children("valkey-server")
        store.kill()  # what it wrote before, while and after the disk was full can be read again
        until_true(accepted(client))
        assert converted(client, job) == workbook
