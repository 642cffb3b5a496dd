"""Readiness: 200 while batches are taken safely, though nobody works on them; 503 when they cannot be."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.support.api import json_batch
from tests.support.server import running_server
from tests.support.waiting import until_true


def test_without_workers_a_server_is_degraded_and_without_its_store_not_ready(tmp_path: Path) -> None:
    with (
        running_server(tmp_path, WORKER_PROCESSES="0") as server,
        httpx.Client(base_url=server.base_url, timeout=30) as client,
    ):
        degraded = client.get("/health/ready")
        taken = client.post("/api/v1/convert/batch", json=json_batch(("a.png", b"a|b")))
        [store] = server.children("valkey-server")
        store.suspend()
        away = client.get("/health/ready")
        alive = client.get("/health/live")
        store.resume()
        until_true(lambda: client.get("/health/ready").json()["status"] == "degraded")

    assert (degraded.status_code, degraded.json()["status"]) == (200, "degraded")
    assert degraded.json()["checks"].pop("workers").startswith("No worker is alive.")
    assert taken.status_code == 202
    assert (away.status_code, away.json()["status"]) == (503, "not_ready")
    assert away.json()["checks"]["store"] != "ok"
    assert alive.status_code == 200
