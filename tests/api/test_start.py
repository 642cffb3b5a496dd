"""A server that cannot start says why in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("REDIS_URL", "nonsense", "REDIS_URL cannot be used"),
        ("RATE_LIMIT", "lots", "is no rate limit"),
        ("MAX_PAGES", "many", "MAX_PAGES cannot be used"),
    ],
)
def test_wrong_setting_is_named(tmp_path: Path, setting: str, value: str, said: str) -> None:
    env = {**os.environ, "DATA_DIR": str(tmp_path), "WORKER_PROCESSES": "0", setting: value}
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", "0"]

    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode in (1, 3)
    assert "The server cannot start. " in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
