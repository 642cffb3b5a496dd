"""`olmocr-backend doctor` on a deployment that is whole, and on one that is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.services.redis_service import connect
from tests.support.redis_server import running_redis_server
from tests.support.server import ROOT, running_server


def doctor(data_dir: Path, **settings: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """Exit code, and level and sentence by check."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "doctor"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir), "OLMOCR_API_KEY": "", "REDIS_URL": "", **settings},
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert "Traceback" not in done.stderr, done.stderr
    lines = [(line[:8].strip(), line[9:25].strip(), line[26:]) for line in done.stdout.splitlines()]
    return done.returncode, {check: (level, sentence) for level, check, sentence in lines}


def test_a_running_server_is_well(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        server.wait_for_log("worker started")
        code, found = doctor(tmp_path, PORT=str(server.port))

    assert {level for level, _ in found.values()} <= {"ok", "warning"}, found
    assert code == 0
    assert found["workers"] == ("ok", "1 alive")
    assert "served by us" in found["port"][1]
    assert {"store", "persistence", "eviction", "snapshots", "clock", "files", "disk", "local engine"} <= set(
        found
    )


@pytest.mark.anyio
async def test_what_is_wrong_is_named_with_what_mends_it(tmp_path: Path) -> None:
    async with running_redis_server(tmp_path) as url, connect(url) as admin:
        await admin.config_set("save", "3600 1")
        code, found = doctor(
            tmp_path / "data",
            REDIS_URL=url,
            OLMOCR_API_KEY="secret-key",
            OLMOCR_BASE_URL="http://127.0.0.1:9",
            MIN_FREE_DISK_MB="999999999",
        )

    assert code == 1
    assert found["persistence"][0] == "warning"
    assert "--appendonly yes" in found["persistence"][1]
    assert found["snapshots"][0] == "warning"
    assert "(save 3600 1)" in found["snapshots"][1]
    assert '--save ""' in found["snapshots"][1]
    assert found["workers"][0] == "warning"
    assert found["disk"][0] == "fault"
    assert found["olmOCR"][0] == "fault"
    assert "secret-key" not in str(found)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
