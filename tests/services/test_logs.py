"""The log of a process whose store is away stays readable."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging
from app.services.logs import configure_logs

configure_logs("info", "console")
for number in range(50):
    logging.getLogger("docket.worker").error("task %d failed", number)
    logging.getLogger("docket.strikelist").warning("Redis is unavailable")
    logging.getLogger("docket.worker").warning("reconnecting")
    logging.getLogger("app.jobs").warning("of our own")
"""


def test_a_library_that_repeats_itself_is_heard_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=30, check=True
    )

    lines = done.stderr.splitlines()
    assert sum("Redis is unavailable" in line for line in lines) == 1
    assert sum("reconnecting" in line for line in lines) == 1
    assert sum("failed" in line for line in lines) == 50
    assert sum("of our own" in line for line in lines) == 50


LEAK = """
import logging, structlog
from app.services.logs import configure_logs

configure_logs("info", "{form}")

def read(cell):
    try:
        float(cell)
    except ValueError as odd:
        raise KeyError(cell) from odd

try:
    read("ZIRKON 12,3")
except KeyError:
    structlog.get_logger().exception("failed", job="9a1b5f0c")
    logging.getLogger("library").exception("failed")
try:
    raise ConnectionError("Error 111 connecting to redis:6379")
except ConnectionError:
    logging.getLogger("library").exception("failed")
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_tracebacks_tell_where_and_not_over_what(form: str) -> None:
    program = LEAK.replace("{form}", form)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )

    assert "ZIRKON" not in done.stderr
    assert done.stderr.count("ValueError") == done.stderr.count("KeyError") == 2
    assert "in read" in done.stderr
    assert "Error 111 connecting to redis:6379" in done.stderr
    if form == "json":
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        assert [line["event"] for line in lines] == ["failed"] * 3
        assert lines[0]["job"] == "9a1b5f0c"
