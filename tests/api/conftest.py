from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.server import RunningServer, running_server

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The server of all tests here; small limits, so that passing them costs little."""
    limits = {"MAX_BATCH_SIZE": "12", "MAX_FILE_SIZE_MB": "1", "MAX_REQUEST_MB": "8"}
    origins = "http://localhost:3000,null"
    with running_server(tmp_path_factory.mktemp("api"), CORS_ORIGINS=origins, **limits) as running:
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A visitor of his own, with his own cookies."""
    with httpx.Client(base_url=server.base_url, timeout=30) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def table_image() -> bytes:
    """The image of a ruled table."""
    return (EXAMPLES / "ruled_spanning.png").read_bytes()
