"""Names as clients give them: fit for display, never part of a path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.filenames import LONGEST, display_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("table.png", "table.png"),
        ("../../x", "x"),
        ("C:\\Users\\me\\scan.jpg", "scan.jpg"),
        ("=cmd|' /C calc'!A0.png", "C calc'!A0.png"),
        ("Größe 表 📊👨‍👩‍👧.png", "Größe 表 📊👨‍👩‍👧.png"),
        ("a\x00b\r\nc.png", "a b c.png"),
        ("exe.\u202egnp", "exe.gnp"),
        ("", "image-3"),
        (None, "image-3"),
        ("..", "image-3"),
        ("/", "image-3"),
        ("x" * 300 + ".jpeg", "x" * 114 + "….jpeg"),
        ("y" * 300, "y" * 119 + "…"),
    ],
)
def test_known_names(given_name: str | None, shown: str) -> None:
    assert display_name(given_name, 2) == shown


@given(st.text(max_size=400))
def test_any_name_is_short_printable_and_no_path(name: str) -> None:
    shown = display_name(name, 0)

    assert 0 < len(shown) <= LONGEST
    assert not set(shown) & set("/\\\x00\r\n\u202e")
    assert display_name(shown, 0) == shown
    shown.encode()
