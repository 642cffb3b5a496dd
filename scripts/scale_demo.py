"""The demo on the deployment of compose.yaml, as processes of this machine: its Redis, its proxy, its web
processes and workers with the commands and settings that containers get; S3-style storage beside it.

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
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from app.services.server_binary import server_binary
from scripts.containers import Service, image, proxy_site, service
from scripts.demo import ROOT, console, download, follow, free_port, submit, summarise, wait_until_ready
from tests.support.nginx import running_nginx

BUCKET = "tables"
STORAGE = ("-m", "uv", "tool", "run", "-q", "--from", "moto[server]==5.*", "moto_server")
START_SECONDS = 120
KEPT = ("HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE")
"""Of our own environment: no setting of the product comes from elsewhere than the files."""


@contextmanager
def process(
    name: str, command: Sequence[str], folder: Path, settings: Mapping[str, str]
) -> Generator[subprocess.Popen[bytes]]:
    """A process with its log and a folder of its own in ``folder``; ended in order."""
    home = folder / name
    home.mkdir()
    with (folder / f"{name}.log").open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=within(settings), stdout=log, stderr=log)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(60)


def within(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process with these settings."""
    kept = {key: os.environ[key] for key in KEPT if key in os.environ}
    return {**kept, **settings, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def storage(stack: ExitStack, folder: Path) -> Mapping[str, str]:
    """Starts the S3-style storage; the settings by which it is reached."""
    port = free_port()
    command = [sys.executable, *STORAGE, "-H", "127.0.0.1", "-p", str(port)]
    stack.enter_context(process("storage", command, folder, {}))
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


def redis(stack: ExitStack, folder: Path) -> str:
    """Starts compose's Redis; where it is reached."""
    told, port = service("redis", os.environ), free_port()
    program = shutil.which(told.command[0]) or server_binary()
    here = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    stack.enter_context(process("redis", [program, *told.command[1:], *here], folder, {}))
    return f"127.0.0.1:{port}"


def ours(told: Service, redis_at: str, home: Path) -> dict[str, str]:
    """The settings of a container, with this machine's addresses and a folder of its own."""
    settings = dict(told.environment)
    settings["REDIS_URL"] = settings["REDIS_URL"].replace("redis:6379", redis_at)
    return {**settings, "HOST": "127.0.0.1", "DATA_DIR": str(home)}


def deployment(stack: ExitStack, folder: Path) -> list[str]:
    """Starts everything, each process with a folder of its own; the addresses of proxy and web processes."""
    redis_at = redis(stack, folder)
    outside = {**os.environ, **storage(stack, folder)}
    web, worker = service("web", outside), service("worker", outside)
    ports = [free_port() for _ in range(web.replicas)]
    for number, port in enumerate(ports):
        name = f"web-{number}"
        settings = {**ours(web, redis_at, folder / name), "PORT": str(port)}
        running = stack.enter_context(process(name, web.command, folder, settings))
        wait_until_ready(f"http://127.0.0.1:{port}", running, folder / f"{name}.log")
        subprocess.run(image().healthcheck, env=within(settings), check=True)
    for number in range(worker.replicas):
        name = f"worker-{number}"
        stack.enter_context(process(name, worker.command, folder, ours(worker, redis_at, folder / name)))
    return [proxy(stack, folder, ports), *(f"http://127.0.0.1:{port}" for port in ports)]


def proxy(stack: ExitStack, folder: Path, web_ports: list[int]) -> str:
    """Starts compose's nginx; its address."""
    servers = " ".join(f"server 127.0.0.1:{port};" for port in web_ports)
    upstream = f"upstream web {{ {servers} }}"
    port = stack.enter_context(running_nginx(folder / "proxy", proxy_site(), upstream))
    return f"http://127.0.0.1:{port}"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="olmocr-scale-") as name, ExitStack() as stack:
        folder = Path(name)
        at, *webs = deployment(stack, folder)
        workers = sorted(folder.glob("worker-*.log"))
        console.print(
            f"Redis, S3-style storage, proxy {at}, {len(webs)} web processes, {len(workers)} workers"
        )
        accepted = submit(at)
        last = asyncio.run(follow(at, accepted))
        if last["type"] == "job_error":
            sys.exit(f"The job failed: {last['error']}")
        for path in download(at, last):
            console.print(summarise(path))
        for log in workers:
            console.print(f"{log.stem} read {log.read_text().count('image done')} images")
        for web in webs:  # each knows the job, whichever took it
            httpx.get(web + accepted["status_url"], timeout=10).raise_for_status()
        kept = [path for path in folder.rglob("*") if path.is_file() and "jobs" in path.parts]
        console.print(
            f"Files of the job below the processes' own folders: {len(kept)}; all are in the storage."
        )
    return 0 if last["status"] == "completed" and not kept else 1


if __name__ == "__main__":
    sys.exit(main())
