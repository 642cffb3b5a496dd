"""A model that goes round in circles is noticed; a monotonous page is not mistaken for it."""

from __future__ import annotations

import pytest

from app.recognition.olmocr.repetition import is_looping

ROW = "<tr><td></td><td></td><td></td><td></td></tr>\n"
PARAGRAPH = "The annual report of the harbour was laid before the council, which took note of it. " * 8


@pytest.mark.parametrize("unit", ["0 ", ".", "| | ", "<td>0</td>", ROW, PARAGRAPH])
@pytest.mark.parametrize("before", ["", "<table><tr><td>Name</td></tr>\n"])
def test_loops(unit: str, before: str) -> None:
    assert is_looping(before + unit * (10_000 // len(unit) + 8))
    assert is_looping(before + unit * (10_000 // len(unit) + 8) + unit[: len(unit) // 2]), "amid a turn"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 39,
        "." * 500,
        "<table>" + ROW * 60 + "</table>",
        PARAGRAPH * 2,
        "<table>" + "".join(f"<tr><td>{n}</td><td>0</td></tr>\n" for n in range(2_000)),
        ROW * 500 + "<tr><td>Total</td></tr>",
    ],
    ids=["nothing", "short", "dots", "empty form", "said twice", "numbered rows", "came out of it"],
)
def test_no_loops(text: str) -> None:
    assert not is_looping(text)
