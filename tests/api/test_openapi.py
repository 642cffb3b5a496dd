"""The API's description: complete, with examples, and true (schemathesis asks what it describes)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.server import RunningServer


@pytest.fixture
def description(client: httpx.Client) -> dict[str, Any]:
    return client.get("/openapi.json").json()


def media(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every described body: where it stands → its media type object."""
    found: dict[str, dict[str, Any]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for name, body in bodies.items():
                for kind, content in body.get("content", {}).items():
                    found[f"{method} {path} {name} {kind}"] = content
    return found


def test_every_body_and_answer_has_an_example(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]

    def shown(content: dict[str, Any]) -> bool:
        name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        return bool(
            content.get("example") or content.get("examples") or schemas.get(name, {}).get("examples")
        )

    assert not [place for place, content in media(description).items() if not shown(content)]


def test_what_the_documentation_names_is_described(description: dict[str, Any]) -> None:
    routes = {
        f"{method} {path}" for path, operations in description["paths"].items() for method in operations
    }

    assert {"post /api/v1/convert/batch", "get /api/v1/download/{file_or_job_id}"} <= routes
    assert "ws/session" in description["info"]["description"]


def test_server_answers_as_it_describes(server: RunningServer, tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [
            *(command, "run", f"{server.base_url}/openapi.json"),
            *("--max-examples", "8", "--seed", "1", "--workers", "1", "--no-color"),
            *("--phases", "examples,coverage,fuzzing", "--generation-database", "none"),
            *("--exclude-path", "/metrics"),
            *("--exclude-path", "/api/v1/sessions/{session_id}/events"),  # without end
            # an option can be of the described form and yet not set up here (engine olmocr without a key)
            *("--exclude-checks", "positive_data_acceptance"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-6000:]
