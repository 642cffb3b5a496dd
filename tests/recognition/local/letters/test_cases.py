"""A lone small letter is no capital, however large the network sees it."""

from __future__ import annotations

import pytest

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
