"""Bold and coloured cells as they are seen in images."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.recognition.engine import SourceImage
from app.recognition.local.pipeline import LocalRecognizer
from app.tables import grid
from app.tables.grid import Cell, Table
from examples.contents import INCOME
from tests.recognition.local.conftest import Recognize
from tests.support.drawing import table
from tests.support.tables import Look, draw, texts

EXAMPLES = Path(__file__).parents[4] / "examples"
STOCK = table(
    "Item | Pieces | Weight",
    "Bolts | 1,250 | 120",
    "Nuts | 880 | 85",
    "Pins | 2,415 | 310",
    "Screws | 4,545 | 515",
    header_rows=1,
)
NAVY, STRIPE = (31, 78, 121), (221, 235, 247)


def fills(seen: Table) -> list[set[str]]:
    """The colours of each row."""
    return [{fill_of(cell) for cell in seen.cells if cell.row == row} for row in range(seen.rows)]


def fill_of(cell: Cell) -> str:
    return cell.look.fill or "" if cell.look else ""


def near(colour: str, expected: tuple[int, int, int]) -> bool:
    levels = [int(part, 16) for part in re.findall("[0-9A-F]{2}", colour)]
    return len(levels) == 3 and max(abs(a - b) for a, b in zip(levels, expected, strict=True)) <= 6


STRIPED = Look("none", header_paper=NAVY, header_ink=(255, 255, 255), stripe=STRIPE)


def test_grounds_are_seen(recognize: Recognize) -> None:
    (found,) = recognize(draw(STOCK, STRIPED)).tables

    assert texts(found.table) == texts(STOCK)
    rows = [row.pop() for row in fills(found.table)]
    assert near(rows[0], NAVY), rows
    assert near(rows[1], STRIPE), rows
    assert rows[1:] == [rows[1], "", rows[1], ""]


def test_of_a_page_that_must_be_flattened_dark_grounds_alone_are_sure(recognize: Recognize) -> None:
    flat = draw(STOCK, STRIPED, margin=100)
    height, width = flat.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 4.0, 1.0)
    turned = np.asarray(cv2.warpAffine(flat, turn, (width, height), borderValue=(255,) * 3), np.uint8)

    (found,) = recognize(turned).tables

    rows = [row.pop() for row in fills(found.table)]
    assert near(rows[0], NAVY), rows
    assert rows[1:] == [""] * 4


def test_paper_that_is_not_white_is_no_fill(recognize: Recognize) -> None:
    (found,) = recognize(draw(STOCK, Look("all", paper=(245, 238, 220)))).tables

    assert [cell.look for cell in found.table.cells] == [None] * len(found.table.cells)


def test_bold_rows_are_told_from_the_others(recognizer: LocalRecognizer) -> None:
    path = EXAMPLES / "unruled_financial.png"

    (found,) = recognizer.recognize(SourceImage(path, path.name), lambda _: None).tables

    bold = {cell.row for cell in found.table.cells if cell.look and cell.look.bold}
    lean = {cell.row for cell in found.table.cells if cell.text and not (cell.look and cell.look.bold)}
    assert bold == {0, *INCOME.bold_rows}
    assert not bold & lean


@pytest.mark.parametrize("fill", ["navy", "#12345", "#ABCDEG", "#1f4e79"])
def test_a_fill_is_a_colour(fill: str) -> None:
    with pytest.raises(ValueError, match="no colour"):
        grid.Look(fill=fill)
