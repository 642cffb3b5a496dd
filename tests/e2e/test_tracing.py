"""Spans reach a collector: from the request through the queue and the worker to the engine's stages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from websockets.sync.client import connect

from tests.support.server import RunningServer, running_server
from tests.support.webhook_receiver import Receiver, running_receiver

ROOT = Path(__file__).parents[2]
IMAGE = ROOT / "examples" / "ruled_spanning.png"
NAME = "quarterly-secret.png"
IMAGES = 6
"""More than the web process queues: the others follow from the worker."""


def convert(server: RunningServer) -> dict[str, Any]:
    """The accepted job when it is over and has been asked for."""
    with httpx.Client(base_url=server.base_url, timeout=60) as client:
        contents = [IMAGE.read_bytes()] + [b"no image"] * (IMAGES - 1)
        files = [("images", (NAME, content)) for content in contents]
        accepted = client.post("/api/v1/convert/batch", files=files).raise_for_status().json()
        with connect(f"{server.ws_url}/api/v1/ws/session/{accepted['session_id']}") as stream:
            while json.loads(stream.recv(timeout=120))["type"] != "job_completed":
                pass
        client.get(f"/api/v1/jobs/{accepted['job_id']}?token=hidden").raise_for_status()
    return accepted


def spans(receiver: Receiver) -> Iterator[tuple[str, Any]]:
    """Every span with its service."""
    for request in receiver.received:
        assert request.path == "/v1/traces"
        for of_service in ExportTraceServiceRequest.FromString(request.body).resource_spans:
            names = {each.key: each.value.string_value for each in of_service.resource.attributes}
            for scope in of_service.scope_spans:
                yield from ((names["service.name"], span) for span in scope.spans)


def way_back(span: Any, found: dict[bytes, tuple[str, Any]]) -> list[tuple[str, str]]:
    """Names from the span to where all began, over parents and links, each with its service."""
    way: list[tuple[str, str]] = []
    at = span.span_id
    while at:
        service, span = found[at]
        way.append((service, span.name))
        at = span.parent_span_id or next((link.span_id for link in span.links), b"")
    return way


def test_a_stage_leads_back_to_the_request_that_asked_for_it(tmp_path: Path) -> None:
    with running_receiver(Receiver()) as receiver:
        collector = f"http://127.0.0.1:{receiver.port}"
        with running_server(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector) as server:
            accepted = convert(server)

    found = {span.span_id: (service, span) for service, span in spans(receiver)}
    [words] = [span for _, span in found.values() if span.name == "words"]
    assert way_back(words, found) == [
        ("olmocr-backend-worker", "words"),
        ("olmocr-backend-worker", "recognize"),
        ("olmocr-backend-worker", "recognize_image"),
        ("olmocr-backend-web", "docket.add"),
        ("olmocr-backend-web", "POST /api/v1/convert/batch"),
    ]
    ways = [way_back(span, found)[1:] for _, span in found.values() if span.name == "recognize_image"]
    assert len(ways) == IMAGES
    assert {way[-1] for way in ways} == {("olmocr-backend-web", "POST /api/v1/convert/batch")}
    adders = Counter(way[0][0] for way in ways if len(way) == 2)
    assert adders == {"olmocr-backend-web": 4, "olmocr-backend-worker": 2}
    sent = b"".join(request.body for request in receiver.received)
    for private in (accepted["session_id"], accepted["job_id"], NAME, "hidden"):
        assert private.encode() not in sent
    assert f"/api/v1/jobs/{accepted['job_id'][:8]}…".encode() in sent
    assert b"/health/" not in sent


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [("http://localhost:4318", "Install the extra `tracing`"), ("localhost:4318", "http:// or https://")],
)
def test_what_cannot_export_is_told_at_the_start(tmp_path: Path, endpoint: str, said: str) -> None:
    env = {**os.environ, "DATA_DIR": str(tmp_path), "WORKER_PROCESSES": "0"}
    program = (
        "import sys, uvicorn; sys.modules['opentelemetry.sdk'] = None; "
        "uvicorn.main(['app.main:app', '--port', '0'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**env, "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode in (1, 3)
    assert "The server cannot start. OTEL_EXPORTER_OTLP_ENDPOINT" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
