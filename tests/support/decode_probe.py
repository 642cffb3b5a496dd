"""Decodes a file in a process of its own: ``python -m tests.support.decode_probe FILE MEGABYTES``."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from app.errors import OlmOCRError
from app.recognition.decoding.guard import decoded_within
from app.recognition.decoding.pages import open_pages
from app.recognition.engine import DecodeLimits, SourceImage


@dataclass(frozen=True)
class Cost:
    """What one file took."""

    code: str
    """The error's code, "" when all pages were decoded."""
    message: str
    seconds: float
    megabytes: float
    """Highest resident memory beyond what the process held before."""
    sizes: list[list[int]]
    """(height, width) of each decoded page."""


def decode_apart(path: Path, *, memory_mb: int = 1024) -> Cost:
    """The cost of decoding the file in a fresh process."""
    command = [sys.executable, "-m", "tests.support.decode_probe", str(path), str(memory_mb)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return Cost(**json.loads(done.stdout))


def main(path: Path, memory_mb: int) -> None:
    before, started = _peak_mb(), time.perf_counter()
    code, message = "", ""
    sizes: list[list[int]] = []
    pages = decoded_within(memory_mb, open_pages(SourceImage(path, path.name), DecodeLimits()))
    try:
        sizes.extend([page.height, page.width] for page in pages)
    except OlmOCRError as error:
        code, message = error.code, error.message
    cost = Cost(code, message, time.perf_counter() - started, _peak_mb() - before, sizes)
    print(json.dumps(cost.__dict__))


def _peak_mb() -> float:
    """Highest resident memory; getrusage's would count that of the process which started this one."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
