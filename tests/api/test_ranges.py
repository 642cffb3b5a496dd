"""Byte ranges by the standard (RFC 9110 §14)."""

from __future__ import annotations

import pytest

from app.api.ranges import Unsatisfiable, asked_range


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None),
        ("", None),
        ("bytes=0-0", (0, 1)),
        ("bytes=0-99", (0, 10)),
        ("bytes=9-", (9, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("Bytes= 2 - 4 ", (2, 5)),
        ("bytes=4-2", None),
        ("bytes=1-2,4-5", None),
        ("lines=1-2", None),
        ("bytes=-", None),
        ("bytes=+1-2", None),
        (f"bytes={'9' * 40}-", None),
    ],
)
def test_range_of_ten_bytes(header: str | None, found: tuple[int, int] | None) -> None:
    assert asked_range(header, 10) == found


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0)])
def test_nothing_to_serve(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        asked_range(header, size)
