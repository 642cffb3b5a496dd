"""The log of a process whose store is away stays readable."""

from __future__ import annotations

import subprocess
import sys

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
