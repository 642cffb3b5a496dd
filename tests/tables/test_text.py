"""Cell text without what nobody can see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tables.text import clean, one_line


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a \t b  ", "a b"),
        ("a\r\nb\rc\n\n d ", "a\nb\nc\nd"),
        ("a\x0bb\x0cc\u2028d", "a\nb\nc\nd"),
        ("a\x00\x07\x1fb\x7f", "ab"),
        ("\ufeffa\u200bb\u00adc", "abc"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\ud800a\ufffe\uffff", "a"),
        ("\u00a01\u202f234,50\u00a0€\u3000", "1\u202f234,50\u00a0€"),
        ("１２３ ١٢ ½", "１２３ ١٢ ½"),
        ("👩\u200d🚀 क\u200dष", "👩\u200d🚀 क\u200dष"),
        ("", ""),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing_and_no_digit_is_lost(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert [char for char in clean(text) if char.isdigit()] == [char for char in text if char.isdigit()]


def test_one_line() -> None:
    assert one_line(" a\n b ") == "a b"
