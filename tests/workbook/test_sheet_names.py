"""Worksheet names that Excel accepts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workbook.sheet_names import RESERVED, numbered, sheet_names, stem


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("report", "report"),
        ("a/b:c*d?e[f]g\\h", "a_b_c_d_e_f_g_h"),
        ("'quoted'", "quoted"),
        ("", "Table"),
        ("\u202egnp.exe\x00", "gnp.exe"),
        ("x" * 40, "x" * 30 + "…"),
        ("📊" * 20, "📊" * 15 + "…"),
        ("summary", "summary (2)"),
        ("History", "History (2)"),
    ],
)
def test_name(wanted: str, name: str) -> None:
    assert sheet_names([wanted]) == [name]


def test_doubles_are_numbered_whatever_their_case() -> None:
    assert sheet_names(["a", "A", "a", "a (2)"]) == ["a", "A (2)", "a (3)", "a (2) (2)"]


def test_the_number_survives_a_long_name() -> None:
    assert numbered("x" * 40, 12) == "x" * 27 + "… 12"


@given(st.lists(st.one_of(st.text(), st.sampled_from(RESERVED)), max_size=20))
def test_names_are_always_legal_and_unique(wanted: list[str]) -> None:
    names = sheet_names(wanted)

    assert len({name.casefold() for name in [*names, *RESERVED]}) == len(names) + len(RESERVED)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("a.png", "a"),
        ("a.b.png", "a.b"),
        ("C:\\x\\a.png", "a"),
        ("../a.png", "a"),
        ("noending", "noending"),
        (".x", ".x"),
    ],
)
def test_stem(filename: str, expected: str) -> None:
    assert stem(filename) == expected
