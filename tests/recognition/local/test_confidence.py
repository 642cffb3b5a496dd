"""What a cell's confidence tells."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Rival, Word
from app.recognition.local.evidence import GridHypothesis
from app.recognition.local.fill import fill
from app.recognition.local.regions.region import Region
from app.recognition.local.structure.choice import Choice
from app.recognition.local.trust.confidence import confidences
from app.recognition.local.trust.features import features
from app.recognition.local.trust.judged import Judged
from app.recognition.local.trust.model import Steps, TrustModel, fitted_model
from app.tables.geometry import Box

TEXTS = [
    ["Region", "2023", "2024", "Change"],
    ["Harbour", "104.2", "110.9", "6.4"],
    ["Meadow", "87.5", "91.3", "4.3"],
    ["Orchard", "66.1", "70.8", "7.1"],
    ["Station", "45.9", "44.0", "4.1"],
]
ROWS = tuple(float(30 * row) for row in range(6))
COLS = (0.0, 120.0, 220.0, 320.0, 420.0)
GRID = GridHypothesis(ROWS, COLS, source="slanet")
SAME = (replace(GRID, source="gaps"), replace(GRID, source="gaps+slanet"))


def word(row: int, col: int) -> Word:
    """Ten pixels a letter, 16 high, in the middle of its cell."""
    text, middle = TEXTS[row][col], (COLS[col] + COLS[col + 1]) / 2
    left, top = middle - 5 * len(text), ROWS[row] + 7
    box = Box(left, top, left + 10 * len(text), top + 16)
    edges = tuple(left + 10 * i for i in range(len(text) + 1))
    return Word(text, box, confidence=0.998, char_edges=edges)


WORDS = {(row, col): word(row, col) for row in range(5) for col in range(4)}
PLACE = (3, 2)
HERE = 4 * PLACE[0] + PLACE[1]
"""The cell at PLACE, in the order of cells."""


def judged(
    words: dict[tuple[int, int], Word] = WORDS,
    others: tuple[GridHypothesis, ...] = SAME,
    unread: tuple[Box, ...] = (),
) -> Judged:
    region = Region(Box(0, 0, 420, 150), tuple(words.values()), (), unread=unread)
    return Judged(region, Choice.of(region, GRID, *others), fill(region.words, GRID, 16), 1, 16)


def inked() -> Pixels:
    """A page with a stroke where each word is."""
    page = np.full((150, 420, 3), 255, np.uint8)
    for one in WORDS.values():
        box = one.box
        page[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1) : 5] = 0
    return page


def test_a_table_without_doubts_is_trusted() -> None:
    assert min(confidences(judged())) > 0.85


def test_a_rival_reading_costs_its_own_cell() -> None:
    rivalled = replace(WORDS[PLACE], rivals=(Rival(0, 1, "1", 0.4),), confidence=0.9)
    sure, doubtful = list(confidences(judged())), list(confidences(judged(WORDS | {PLACE: rivalled})))
    assert 1 - doubtful[HERE] > 2 * (1 - sure[HERE])
    assert doubtful.index(min(doubtful)) == HERE


def test_no_cell_is_surer_than_its_least_certain_word() -> None:
    blot = replace(WORDS[PLACE], confidence=0.12)
    assert list(confidences(judged(WORDS | {PLACE: blot})))[HERE] <= 0.12


def test_hypotheses_that_see_other_rows_cost_the_cells_of_those_rows_most() -> None:
    joined = replace(GRID, row_bounds=(*ROWS[:3], *ROWS[4:]), source="gaps")
    before, after = confidences(judged()), confidences(judged(others=(joined, joined)))
    growth = [(1 - b) / (1 - a) for a, b in zip(before, after, strict=True)]
    rows = [mean(growth[4 * row : 4 * row + 4]) for row in range(5)]
    assert min(rows[2:4]) > 1.05 * max(*rows[:2], rows[4])


def test_an_empty_cell_with_ink_in_it_is_not_known_to_be_empty() -> None:
    words = {place: word for place, word in WORDS.items() if place != PLACE}
    ink = Box(COLS[2] + 30, ROWS[3] + 8, COLS[2] + 60, ROWS[3] + 20)
    assert list(confidences(judged(words)))[HERE] > 0.9
    assert list(confidences(judged(words, unread=(ink,))))[HERE] < 0.5


def test_confidence_is_a_probability_whatever_is_unknown() -> None:
    model = fitted_model()
    assert 0 < model.confidence({}) < 1
    region = Region(Box(0, 0, 220, 60), (WORDS[0, 0], WORDS[1, 1]), ())
    small = replace(GRID, row_bounds=ROWS[:3], col_bounds=COLS[:3])
    alone = Judged(region, Choice.of(region, small), fill(region.words, small, 16), 0, 16)
    assert all(0 < sure < 1 for sure in confidences(alone))


def test_the_model_weighs_only_what_is_known_of_cells() -> None:
    named = {name for cell in features(replace(judged(), pixels=inked())) for name in cell}
    assert set(fitted_model().steps) <= named


def test_steps_hold_between_their_edges() -> None:
    steps = Steps((1.0, 2.0), (-1.0, 0.0, 2.0), unknown=0.5)
    assert [steps.at(value) for value in (0.5, 1.0, 1.9, 2.0, float("nan"))] == [-1.0, 0.0, 0.0, 2.0, 0.5]
    assert TrustModel(0.0, {"a": steps}).confidence({"a": 1.5}) == 0.5
