"""What compose.yaml, Dockerfile and railway.json start, started here."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from scripts.containers import ROOT, composition, image, railway_command, service
from tests.support.redis_server import running_redis_server
from tests.support.waiting import until

TOOLS = f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def test_services_get_settings_and_commands_that_there_are() -> None:
    known = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env").read_text("utf-8"), re.MULTILINE))
    outside = {"OLMOCR_API_KEY": "k", "AWS_REGION": "r", "STORAGE_URL": "s3://tables/all"}
    services = {name: service(name, outside) for name in ("web", "worker")}

    for each in services.values():
        assert {name for name in each.environment if not name.startswith("AWS_")} <= known
        assert each.environment["STORAGE_URL"] == "s3://tables/all"
        assert each.environment["AWS_REGION"] == "r"
        done = subprocess.run([*each.command, "--help"], env={"PATH": TOOLS}, capture_output=True)
        assert done.returncode == 0, done.stderr
    assert "STORAGE_URL" in service("web", {}).environment
    assert "AWS_REGION" not in service("web", {}).environment
    told = composition()["services"]
    assert {name for each in told.values() for name in each.get("depends_on", {})} <= set(told)


async def answers(address: str) -> bool:
    async with httpx.AsyncClient(timeout=5) as client:
        with suppress(httpx.TransportError):
            return (await client.get(address)).status_code == 200
    return False


@pytest.mark.anyio
async def test_railway_starts_a_server_that_its_health_check_finds(tmp_path: Path) -> None:
    path = json.loads((ROOT / "railway.json").read_text("utf-8"))["deploy"]["healthcheckPath"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    async with running_redis_server(tmp_path) as url:
        settings = {**image().environment, "DATA_DIR": str(tmp_path), "PORT": port, "REDIS_URL": url}
        environment = {"PATH": TOOLS, **settings, "WORKER_PROCESSES": "0"}
        process = await asyncio.create_subprocess_exec(*shlex.split(railway_command()), env=environment)
        try:
            await until(lambda: answers(f"http://127.0.0.1:{port}{path}"), 120)
            healthy = await asyncio.create_subprocess_exec(*image().healthcheck, env=environment)
            assert await healthy.wait() == 0
        finally:
            process.terminate()
        assert await process.wait() in (0, -signal.SIGTERM)  # uvicorn hands the signal on when it is done
