"""Converts the sample images as a client would: real server, batch request, WebSocket, download, workbook."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import openpyxl
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from websockets.asyncio.client import connect

ROOT = Path(__file__).parent.parent
SAMPLES = sorted(p for p in (ROOT / "examples").iterdir() if p.suffix in {".png", ".jpg", ".pdf"})
OUT = ROOT / "out"
START_SECONDS = 60
console = Console()


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server() -> Iterator[str]:
    """A server with an empty data folder of its own; yields its base address."""
    with tempfile.TemporaryDirectory(prefix="olmocr-demo-") as folder:
        port = free_port()
        log = Path(folder) / "server.log"
        command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port)]
        environment = {**os.environ, "DATA_DIR": f"{folder}/data", "REDIS_URL": ""}
        with log.open("wb") as sink:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sink, stderr=sink)
        try:
            base = f"http://127.0.0.1:{port}"
            wait_until_ready(base, process, log)
            yield base
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait_until_ready(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the server at ``base`` is ready; ends the demo with its log when it does not become so."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{base}/health/ready", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    sys.exit(f"The server did not become ready:\n{log.read_text()[-3000:]}")


def submit(base: str) -> dict[str, str]:
    """Posts the samples as one multipart batch."""
    files = [("images", (path.name, path.read_bytes())) for path in SAMPLES]
    answer = httpx.post(f"{base}/api/v1/convert/batch", files=files, timeout=60)
    if answer.status_code != 202:
        sys.exit(f"The batch was refused: {answer.text}")
    return answer.json()


async def follow(base: str, accepted: dict[str, str]) -> dict[str, object]:
    """Shows the job's progress from its events; returns the last one."""
    address = base.replace("http", "ws") + accepted["websocket_url"]
    columns = (TextColumn("{task.description:38}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        bar = bars.add_task(f"job {accepted['job_id'][:8]}", total=100)
        async with connect(address) as stream:
            async for text in stream:
                event = json.loads(text)
                if event["type"] == "job_progress":
                    doing = f"{event['current_image'] or ''} {event['stage'] or ''}"
                    bars.update(bar, completed=event["progress"], description=doing)
                elif event["type"] == "single_image_completed":
                    bars.console.print(_line(event))
                elif event["type"] in {"job_completed", "job_error"}:
                    bars.update(bar, completed=100, description=event["status"])
                    return event
    sys.exit("The server closed the socket before the job was over.")


def _line(event: dict[str, object]) -> str:
    if not event["success"]:
        return f"[red]✗[/] {event['image']}: {event['error']}"
    sizes = ", ".join(f"{t['rows']}×{t['cols']}" for t in event["tables"])  # type: ignore[attr-defined]
    return f"[green]✓[/] {event['image']}: {sizes}"


def download(base: str, completed: dict[str, object]) -> list[Path]:
    """Saves the job's workbooks into out/."""
    OUT.mkdir(exist_ok=True)
    paths = []
    for file in completed["files"]:  # type: ignore[attr-defined]
        path = OUT / file["filename"]
        path.write_bytes(httpx.get(base + file["download_url"], timeout=60).raise_for_status().content)
        paths.append(path)
    return paths


def summarise(path: Path) -> Table:
    """What stands in the workbook, a line a sheet."""
    summary = Table("sheet", "rows", "columns", "merged", "numbers", title=str(path.relative_to(ROOT)))
    for sheet in openpyxl.load_workbook(path).worksheets:
        numbers = sum(isinstance(cell.value, int | float) for row in sheet.iter_rows() for cell in row)
        size = (sheet.max_row, sheet.max_column, len(sheet.merged_cells.ranges), numbers)
        summary.add_row(sheet.title, *map(str, size))
    return summary


def main() -> int:
    began = time.monotonic()
    with server() as base:
        accepted = submit(base)
        last = asyncio.run(follow(base, accepted))
        if last["type"] == "job_error":
            sys.exit(f"The job failed: {last['error']}")
        for path in download(base, last):
            console.print(summarise(path))
            console.print(f"Workbook: [bold]{path}[/]")
    console.print(f"Done in {time.monotonic() - began:.1f} s.")
    return 0 if last["status"] == "completed" else 1


if __name__ == "__main__":
    sys.exit(main())
