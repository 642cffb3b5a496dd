"""Cells over several rows that are none."""

from __future__ import annotations

from app.recognition.local.evidence import GridHypothesis, Span, Word
from app.recognition.local.structure.unruled.own_lines import with_own_lines
from app.tables.geometry import Box

HEIGHT = 20.0


def grid(*spans: Span) -> GridHypothesis:
    rows = tuple(float(40 * i) for i in range(6))
    return GridHypothesis(rows, (0, 200, 300), spans, header_rows=1, source="slanet")


def word(text: str, x: float, y: float) -> Word:
    return Word(text, Box(x, y - HEIGHT / 2, x + 10 * len(text), y + HEIGHT / 2), 1.0)


VALUES = [word(text, 220, 40 * i + 20) for i, text in enumerate(("Score", "81.8", "85.5", "87.1", "88.0"))]


def names(*texts: str) -> list[Word]:
    return [word(text, 10, 40 * i + 60) for i, text in enumerate(texts)]


def test_a_name_on_each_row_is_a_cell_on_each_row() -> None:
    words = [*VALUES, *names("Lantern", "Lantern Video", "Harbour", "Meadow")]
    seen = with_own_lines(grid(Span(1, 0, 2, 1), Span(3, 0, 2, 1)), words, HEIGHT)
    assert seen.spans == ()


def test_a_name_that_goes_on_below_is_one_cell() -> None:
    words = [*VALUES, *names("Age at", "diagnosis", "Harbour", "Meadow")]
    spans = Span(1, 0, 2, 1), Span(3, 0, 2, 1)
    assert with_own_lines(grid(*spans), words, HEIGHT).spans == spans


def test_one_name_at_the_middle_of_its_rows_shows_that_the_column_names_groups() -> None:
    words = [*VALUES, word("Lantern", 10, 80), *names("", "", "Harbour", "Meadow")[2:]]
    spans = Span(1, 0, 2, 1), Span(3, 0, 2, 1)
    assert with_own_lines(grid(*spans), words, HEIGHT).spans == spans
