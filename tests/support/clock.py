"""Processes whose wall clock jumps (libfaketime); the monotonic one goes on, as in life."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Mapping
from pathlib import Path


class JumpingClock:
    """The wall clock of all processes that are started with `environment`, and of what they start."""

    def __init__(self, file: Path) -> None:
        libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        assert libraries, "libfaketime is not installed: scripts/test_servers.sh installs what the tests need"
        self._file = file
        self.jump(0)
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(libraries[0]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, hours: float) -> None:
        """So far from the true time, within a second."""
        self._file.write_text(f"{hours:+g}h")


def mend_sleep() -> None:
    """For processes under a `JumpingClock`, where `time.sleep` fails: libfaketime 0.9.10 takes the end of the
    sleep, which is given on the monotonic clock, for one on the wall clock."""
    if "FAKETIME_TIMESTAMP_FILE" in os.environ:
        time.sleep = lambda seconds: select.select([], [], [], seconds) and None
