"""By which address a client is counted."""

from __future__ import annotations

import pytest
from starlette.requests import HTTPConnection

from app.api.client import client_address


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("testclient", "testclient"),
    ],
)
def test_address(host: str, counted: str) -> None:
    assert client_address(HTTPConnection({"type": "http", "client": (host, 1), "headers": []})) == counted


def test_no_address() -> None:
    assert client_address(HTTPConnection({"type": "http", "client": None, "headers": []})) == "unknown"
