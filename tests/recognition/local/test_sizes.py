"""Long and wide tables come back complete."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest

from app.recognition.local.detection import detection_scale
from app.tables.grid import Table
from tests.recognition.local.conftest import Recognize
from tests.support.drawing import table
from tests.support.tables import Look, draw, texts

LONG = table("Item | Count", *(f"N{row} | {row * 7}" for row in range(1, 200)))
WIDE = table(
    " | ".join(["Year", *(f"C{col}" for col in range(1, 30))]),
    *(
        " | ".join([str(1990 + row), *(str((row * 37 + col * 13) % 90 + 10) for col in range(1, 30))])
        for row in range(4)
    ),
)


@pytest.mark.parametrize("drawn", [LONG, WIDE], ids=["200 rows", "30 columns"])
def test_no_row_and_no_column_is_lost(recognize: Recognize, drawn: Table) -> None:
    pixels = draw(drawn, Look(rules="none", size=16, pad_x=12, pad_y=4))
    (found,) = recognize(pixels).tables
    assert (found.table.rows, found.table.cols) == (drawn.rows, drawn.cols)
    pairs = zip(chain(*texts(found.table)), chain(*texts(drawn)), strict=True)
    assert sum(a != b for a, b in pairs) <= 0.02 * drawn.rows * drawn.cols


def test_letters_of_a_long_image_stay_legible_for_detection() -> None:
    page = draw(LONG, Look(rules="none", size=16, pad_x=12, pad_y=4))
    assert len(page) > 4000
    assert detection_scale(np.vstack([page, page])) == 1.0
