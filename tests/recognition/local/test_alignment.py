"""How columns stand in the image."""

from __future__ import annotations

import pytest

from app.recognition.evidence import Word
from app.recognition.local.alignment import alignments
from app.recognition.local.evidence import Span
from app.recognition.local.fill import FilledCell
from app.tables.geometry import Box
from app.tables.grid import Align

HEIGHT = 20.0


def cell(row: int, x0: float, x1: float) -> FilledCell:
    """A cell of the first column whose ink reaches from ``x0`` to ``x1``."""
    word = Word("x", Box(x0, 30 * row, x1, 30 * row + HEIGHT))
    return FilledCell(Span(row, 0, 1, 1), Box(0, 30 * row, 300, 30 * row + 30), (word,), "x")


@pytest.mark.parametrize(
    ("inks", "expected"),
    [
        ([(10, 40), (11, 90), (10, 200)], Align.LEFT),
        ([(250, 290), (200, 291), (100, 290)], Align.RIGHT),
        ([(140, 160), (100, 201), (50, 250)], Align.CENTER),
        ([(250, 290), (250, 290), (236, 290), (236, 289), (250, 290)], Align.RIGHT),
        ([(10, 90), (11, 90), (10, 91)], None),
        ([(10, 40), (60, 90), (110, 250)], None),
        ([(10, 40), (10, 90)], None),
    ],
)
def test_a_column_keeps_to_the_edge_that_its_texts_share(
    inks: list[tuple[float, float]], expected: Align | None
) -> None:
    cells = [cell(row, *ink) for row, ink in enumerate(inks)]

    found = alignments(cells, header=0, height=HEIGHT)

    assert {found.get(item.place) for item in cells} == {expected}


def test_a_header_is_aligned_by_the_column_below_it() -> None:
    cells = [cell(0, 180, 290), cell(1, 250, 290), cell(2, 200, 291), cell(3, 100, 290)]
    moved = [cell(0, 145, 245), *cells[1:]]

    assert alignments(cells, header=1, height=HEIGHT)[Span(0, 0, 1, 1)] is Align.RIGHT
    assert alignments(moved, header=1, height=HEIGHT)[Span(0, 0, 1, 1)] is Align.CENTER


def test_texts_of_one_width_stand_as_their_header_does() -> None:
    cells = [cell(0, 10, 90), cell(1, 10, 20), cell(2, 10, 20), cell(3, 11, 20)]

    assert set(alignments(cells, header=1, height=HEIGHT).values()) == {Align.LEFT}
    assert not alignments(cells[1:], header=0, height=HEIGHT)


def test_a_header_as_wide_as_its_column_stands_as_the_column_does() -> None:
    cells = [cell(0, 231, 291), cell(1, 250, 290), cell(2, 236, 290), cell(3, 250, 290), cell(4, 236, 290)]

    assert set(alignments(cells, header=1, height=HEIGHT).values()) == {Align.RIGHT}
