"""The demo on a deployment of several processes, all on this machine: a real redis-server, S3-style storage,
two web processes and three workers; the batch is posted to one web process and followed on the other.

The storage is moto's server (it speaks S3's protocol and keeps objects in memory), run by uv from its own
cache; nothing of it enters the project.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from demo import ROOT, console, download, follow, free_port, submit, summarise, wait_until_ready

WEBS, WORKERS = 2, 3
BUCKET = "tables"
STORAGE = ("-m", "uv", "tool", "run", "-q", "--from", "moto[server]==5.*", "moto_server")
START_SECONDS = 120


@contextmanager
def process(
    name: str, command: Sequence[str], folder: Path, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its log in ``folder``; ended in order."""
    home = folder / name
    home.mkdir()
    with (folder / f"{name}.log").open("wb") as log:
        running = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "DATA_DIR": str(home), **settings}, stdout=log, stderr=log
        )
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(60)


def storage(stack: ExitStack, folder: Path) -> Mapping[str, str]:
    """Starts the S3-style storage; the settings by which it is reached."""
    port = free_port()
    command = [sys.executable, *STORAGE, "-H", "127.0.0.1", "-p", str(port)]
    stack.enter_context(process("storage", command, folder))
    address = f"http://127.0.0.1:{port}"
    end = time.monotonic() + START_SECONDS
    while not _answers(f"{address}/{BUCKET}"):
        if time.monotonic() > end:
            sys.exit(f"The storage did not start:\n{(folder / 'storage.log').read_text()[-3000:]}")
        time.sleep(0.2)
    return {
        "STORAGE_URL": f"s3://{BUCKET}/demo",
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_REGION": "us-east-1",
    }


def _answers(bucket: str) -> bool:
    try:
        return httpx.put(bucket, timeout=2).status_code == 200  # makes the bucket
    except httpx.TransportError:
        return False


def deployment(stack: ExitStack, folder: Path) -> list[str]:
    """Starts everything; the addresses of the web processes. No two processes share a folder."""
    redis = shutil.which("redis-server") or sys.exit("redis-server is missing: run scripts/test_servers.sh.")
    port = free_port()
    durable = ["--save", "", "--appendonly", "yes", "--dir", str(folder)]
    stack.enter_context(process("redis", [redis, "--port", str(port), *durable], folder))
    shared = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", **storage(stack, folder)}
    command = [sys.executable, "-m", "app.cli"]
    bases: list[str] = []
    for number in range(WEBS):
        at = str(free_port())
        alone = {**shared, "WORKER_PROCESSES": "0"}
        web = process(f"web-{number}", [*command, "serve", "--port", at], folder, **alone)
        running = stack.enter_context(web)
        bases.append(f"http://127.0.0.1:{at}")
        wait_until_ready(bases[-1], running, folder / f"web-{number}.log")
    for number in range(WORKERS):
        stack.enter_context(
            process(f"worker-{number}", [*command, "worker"], folder, **shared, WORKER_PROCESSES=str(WORKERS))
        )
    return bases


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="olmocr-scale-") as name, ExitStack() as stack:
        folder = Path(name)
        one, other = deployment(stack, folder)
        console.print(f"Redis, S3-style storage, {WEBS} web processes, {WORKERS} workers: {one} {other}")
        accepted = submit(one)
        last = asyncio.run(follow(other, accepted))
        if last["type"] == "job_error":
            sys.exit(f"The job failed: {last['error']}")
        for path in download(other, last):
            console.print(summarise(path))
        for number in range(WORKERS):
            log = (folder / f"worker-{number}.log").read_text()
            console.print(f"worker {number} read {log.count('image done')} images")
        kept = [path for path in folder.rglob("*") if path.is_file() and "jobs" in path.parts]
        console.print(
            f"Files of the job below the processes' own folders: {len(kept)}; all are in the storage."
        )
    return 0 if last["status"] == "completed" and not kept else 1


if __name__ == "__main__":
    sys.exit(main())
