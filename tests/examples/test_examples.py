"""The examples are what their script draws, and their figures add up."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from examples import contents
from examples.draw_examples import EXAMPLES, truth

FOLDER = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", [name for name in EXAMPLES if not name.endswith(".pdf")])
def test_committed_image_is_what_the_script_draws(name: str) -> None:
    draw, _ = EXAMPLES[name]
    drawn = np.asarray(Image.open(io.BytesIO(draw())).convert("RGB")).astype(int)
    committed = np.asarray(Image.open(FOLDER / name).convert("RGB")).astype(int)
    assert drawn.shape == committed.shape
    assert np.abs(drawn - committed).mean() < 1


def test_committed_document_is_what_the_script_writes() -> None:
    draw, _ = EXAMPLES["two_pages.pdf"]
    assert draw() == (FOLDER / "two_pages.pdf").read_bytes()


def test_committed_truth_is_that_of_the_drawn_tables() -> None:
    assert (FOLDER / "truth.json").read_text(encoding="utf-8") == truth()
    for case in json.loads(truth()).values():
        for grid in case["grids"]:
            covered = sum(cell["rs"] * cell["cs"] for cell in grid["cells"])
            assert covered == grid["rows"] * grid["cols"]


@pytest.mark.parametrize(
    ("table", "col", "parts", "total"),
    [
        *((contents.DELIVERIES, col, range(2, 7), 7) for col in (2, 3, 4, 5, 6)),
        *((contents.INCOME, col, (1, 2), 3) for col in (2, 3)),
        *((contents.INCOME, col, (3, 4, 5, 6), 7) for col in (2, 3)),
        *((contents.INCOME, col, (7, 8, 9), 10) for col in (2, 3)),
        *((contents.INCOME, col, (10, 11), 12) for col in (2, 3)),
        (contents.INVOICE, 5, range(1, 6), 6),
        (contents.INVOICE, 5, (6, 7), 8),
        *((contents.STOCKTAKE, col, range(1, 6), 6) for col in (2, 4)),
        *((contents.STAFFING, col, range(1, 4), 4) for col in (1, 2, 3, 4)),
        *((contents.ENERGY, col, range(1, 5), 5) for col in (3, 4)),
    ],
)
def test_totals_add_up(table: contents.Content, col: int, parts: range, total: int) -> None:
    european = table is contents.INVOICE
    figures = [_number(row[col], european=european) for row in table.rows[1:]]
    assert sum(figures[row - 1] for row in parts) == pytest.approx(figures[total - 1])


def test_lines_add_up() -> None:
    for row in contents.RAINFALL.rows[1:]:
        assert sum(map(_number, row[1:5])) == pytest.approx(_number(row[5]))
    for row in contents.STOCKTAKE.rows[1:6]:
        assert _number(row[2]) * _number(row[3]) == pytest.approx(_number(row[4]))
    for row in contents.INVOICE.rows[1:6]:
        count, price, amount = (_number(row[col], european=True) for col in (2, 4, 5))
        assert count * price == pytest.approx(amount)
    for row in contents.DELIVERIES.rows[2:]:
        assert _number(row[3]) + _number(row[5]) == _number(row[6])


def _number(text: str, *, european: bool = False) -> float:
    digits = text.strip("$€ ()")
    digits = digits.replace(".", "").replace(",", ".") if european else digits.replace(",", "")
    value = float(digits) if digits.replace(".", "").isdigit() else 0.0
    return -value if text.startswith("(") else value
