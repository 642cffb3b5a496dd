"""A lone small letter is no capital, however large the network sees it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.recognition.evidence import Rival, Word
from app.recognition.local.letters.cases import with_cases
from app.tables.geometry import Box
from app.tables.grid import Cell, Table
from tests.recognition.local.conftest import Recognize
from tests.support.tables import Look, draw, texts

ROWS = ("Curriculum", "Support", "Evaluation", "Assessment")


@pytest.mark.parametrize("mark", ["x", "X", "o"])
def test_lone_letters_keep_their_case(recognize: Recognize, mark: str) -> None:
    header = [Cell(0, 0, "Tasks"), Cell(0, 1, "Teachers"), Cell(0, 2, "Trainers")]
    body = [Cell(row, 0, name) for row, name in enumerate(ROWS, 1)]
    marks = [Cell(row, 1 + row % 2, mark) for row in range(1, 5)]
    drawn = Table.from_cells([*header, *body, *marks], header_rows=1)

    assert texts(recognize(draw(drawn, Look(size=22))).tables[0].table) == texts(drawn)


@pytest.mark.parametrize(("capital", "said"), [(13, "Unit"), (11, "unit")])
def test_a_first_letter_is_small_only_where_it_is_as_low_as_the_small_ones(capital: int, said: str) -> None:
    """``n`` is 11 pixels high; on curled paper a capital may be hardly higher."""
    page = np.full((40, 80, 3), 255, np.uint8)
    for left, high in ((10, capital), (24, 11), (38, 13), (52, 13)):
        cv2.rectangle(page, (left, 30 - high), (left + 7, 29), (0, 0, 0), -1)
    edges = (8.0, 21.0, 35.0, 49.0, 62.0)
    word = Word("Unit", Box(8, 14, 62, 32), 0.9, char_edges=edges, rivals=(Rival(0, 1, "u", 0.3),))
    assert [found.text for found in with_cases(page, [word])] == [said]


@pytest.mark.parametrize(("above", "said"), [("Yes", "o"), ("105", "0")])
def test_a_low_zero_is_a_mark_only_where_no_numbers_stand_over_or_under_it(above: str, said: str) -> None:
    """Blur may lower a zero, too."""
    page = np.full((60, 60, 3), 255, np.uint8)
    for left, low, high in ((10, 20, 13), (24, 20, 13), (38, 20, 13), (24, 50, 9)):
        cv2.rectangle(page, (left, low - high), (left + 7, low - 1), (0, 0, 0), 1)
    tall = Word(above, Box(8, 7, 48, 20), 0.9, char_edges=(8.0, 21.0, 35.0, 48.0))
    zero = Word("0", Box(23, 41, 33, 50), 0.9, char_edges=(23.0, 33.0), rivals=(Rival(0, 1, "o", 0.1),))

    assert [found.text for found in with_cases(page, [tall, zero])] == [above, said]
