"""Hierarchies that the labels' left edges show."""

from __future__ import annotations

import pytest

from app.recognition.evidence import Word
from app.recognition.local.evidence import Span
from app.recognition.local.fill import FilledCell
from app.recognition.local.indents import indents
from app.tables.geometry import Box

HEIGHT = 20.0


def label(row: int, x0: float, text: str) -> FilledCell:
    word = Word(text, Box(x0, 30 * row, x0 + 9 * len(text), 30 * row + HEIGHT))
    return FilledCell(Span(row, 0, 1, 1), Box(0, 30 * row, 300, 30 * row + 30), (word,), text)


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        pytest.param([10, 31, 30, 11, 32, 30, 10], [0, 1, 1, 0, 1, 1, 0], id="parts below their wholes"),
        pytest.param([10, 30, 50, 51, 31, 49], [0, 1, 2, 2, 1, 2], id="three levels"),
        pytest.param([10, 12, 9, 11], None, id="one edge"),
        pytest.param([10, 10, 10, 35], None, id="one label out of line"),
        pytest.param([10, 25, 40, 55, 70, 85], None, id="a ragged edge"),
    ],
)
def test_levels_are_edges_that_several_labels_keep_to(edges: list[float], expected: list[int] | None) -> None:
    cells = [label(row, x0, "Label") for row, x0 in enumerate(edges)]

    found = indents(cells, header=0, height=HEIGHT)

    assert ([found[cell.place] for cell in cells] if expected else dict(found)) == (expected or {})


def test_numbers_of_different_lengths_show_no_hierarchy() -> None:
    cells = [label(row, 30 if row < 9 else 18, str(row + 1)) for row in range(15)]

    assert not indents(cells, header=0, height=HEIGHT)
