"""A real server, started as a user would: `python -m uvicorn app.main:app`, with a data folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).parents[2]
START_S = 150.0
STOP_S = 60.0
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


@dataclass
class RunningServer:
    """The server of one data folder; may be killed and started again on the same folder and port."""

    data_dir: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    command: Sequence[str] = ("uvicorn", "app.main:app")
    """A module and its first arguments, as behind `python -m`."""
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def log_path(self) -> Path:
        return self.data_dir / "server.log"

    @property
    def log(self) -> str:
        """What the server and its workers have written so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Returns when `/health/ready` says so."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        written = self.log_path.stat().st_size if self.log_path.exists() else 0
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command, "--port", str(self.port), *self.arguments],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"the server ended at its start:\n{self.log}"
            self.port = self.port or self._port_in_log(written)
            if self.port and self.is_ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"the server was not ready after {START_S:g} s:\n{self.log}")

    def wait_for_log(self, pattern: str, seconds: float = 30.0) -> None:
        """Returns when a line of the log fits."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.log):
            assert time.monotonic() < deadline, f"no line {pattern!r} in:\n{self.log}"
            time.sleep(0.05)

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.base_url}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        """SIGTERM, as a supervisor does; returns the exit code. Nothing of the server is left."""
        assert self.process is not None
        children = self.children()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_S)
        finally:
            self._end(children)

    def kill(self) -> list[psutil.Process]:
        """SIGKILL to the web process alone. Returns what it left running, which is ended too."""
        assert self.process is not None
        children = self.children()
        self.process.kill()
        self.process.wait(STOP_S)
        return self._end(children)

    def children(self, word: str = "") -> list[psutil.Process]:
        """Processes below the web process whose command line has ``word``."""
        assert self.process is not None
        try:
            found = psutil.Process(self.process.pid).children(recursive=True)
            return [child for child in found if word in " ".join(child.cmdline())]
        except psutil.NoSuchProcess:
            return []

    def memory(self) -> int:
        """Resident bytes of the web process and all below it."""
        assert self.process is not None
        total = 0
        for process in [psutil.Process(self.process.pid), *self.children()]:
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total

    def cpu_seconds(self) -> float:
        """Processor time so far of the web process, all below it, and what of them has ended."""
        assert self.process is not None
        times = [p.cpu_times() for p in (psutil.Process(self.process.pid), *self.children())]
        return sum(t.user + t.system + t.children_user + t.children_system for t in times)

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        ours = {
            "DATA_DIR": str(self.data_dir),
            "REDIS_URL": "",
            "OLMOCR_API_KEY": "",
            "WORKER_PROCESSES": "1",
            "RATE_LIMIT": "off",
            "BATCH_RATE_LIMIT": "off",
            "SESSION_RATE_LIMIT": "off",
        }
        given = {name: value for name, value in self.settings.items() if value}
        return {**kept, **ours, "PYTHONUNBUFFERED": "1", **given}

    def _port_in_log(self, start: int) -> int:
        found = re.search(r"running on \S*http://127\.0\.0\.1:(\d+)", self.log[start:])
        return int(found[1]) if found else 0

    def _end(self, processes: list[psutil.Process]) -> list[psutil.Process]:
        """Those that had to be ended by us."""
        _, alive = psutil.wait_procs(processes, timeout=15)
        for process in alive:
            process.kill()
        psutil.wait_procs(alive, timeout=5)
        return alive


@contextmanager
def running_server(data_dir: Path, *arguments: str, **settings: str) -> Iterator[RunningServer]:
    """A server that is ready; ``settings`` are environment variables. It is stopped in any case."""
    server = RunningServer(data_dir, settings, arguments)
    try:
        server.start()
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()
