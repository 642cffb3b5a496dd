"""Drawn tables come back cell by cell."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.engine import Recognition
from app.tables.grid import Table
from tests.support.drawing import table
from tests.support.tables import Look, Sheet, draw, spans, texts

Recognize = Callable[[Pixels], Recognition]

SALES = table(
    "Region | Revenue | < | Total",
    "^ | 2023 | 2024 | ^",
    "North | 1,204 | 1,310 | 2,514",
    "South coast | 987 | 1,044 | 2,031",
    "Islands | 56 | 61 | 117",
    header_rows=2,
)
PRICES = table(
    "Article | Unit | Price | Stock",
    "Copper wire | m | 3.20 | 140",
    "Steel plate | kg | 1.75 | 2,300",
    "Timber beam | pcs | 48.00 | 36",
    "Roof tile | pcs | 0.95 | 5,150",
    header_rows=1,
)


def only(recognition: Recognition) -> Table:
    assert len(recognition.tables) == 1, [texts(found.table) for found in recognition.tables]
    return recognition.tables[0].table


def test_spanning_header_cells_of_a_ruled_table(recognize: Recognize) -> None:
    found = only(recognize(draw(SALES)))
    assert texts(found) == texts(SALES)
    assert spans(found) == spans(SALES)
    assert found.header_rows == 2


@pytest.mark.parametrize("rules", ["outer", "horizontal", "booktabs", "columns", "none"])
def test_tables_with_few_rulings(recognize: Recognize, rules: str) -> None:
    found = only(recognize(draw(PRICES, Look(rules=rules, pad_x=26))))
    assert texts(found) == texts(PRICES)
    assert found.header_rows == 1


def test_lines_of_one_ruled_cell_are_one_text(recognize: Recognize) -> None:
    drawn = table(
        "Substance | Limit\nper year | Note",
        "Carbon\nmonoxide | 500 | measured\nat source",
        "Ammonia | 10 | none",
    )
    assert texts(only(recognize(draw(drawn)))) == texts(drawn)


def test_lone_digits_and_dashes_are_read(recognize: Recognize) -> None:
    drawn = table("Name | A | B | C", "first | 1 | - | 7", "second | - | 4 | 1", "third | 2 | 1 | -")
    assert texts(only(recognize(draw(drawn, Look(pad_x=40))))) == texts(drawn)


def test_empty_cells_stay_empty(recognize: Recognize) -> None:
    drawn = table(
        "Item | Jan | Feb | Mar",
        "Rent | 900 |  | 900",
        "Power |  | 75 |",
        "Water | 30 |  | 31",
        header_rows=1,
    )
    assert texts(only(recognize(draw(drawn)))) == texts(drawn)


def test_long_table_keeps_every_row(recognize: Recognize) -> None:
    rows = [f"Entry {n} | {n * 37 % 1000} | {n * 91 % 5000}" for n in range(1, 61)]
    drawn = table("Label | First | Second", *rows, header_rows=1)
    assert texts(only(recognize(draw(drawn, Look(rules="none", size=20, pad_y=5))))) == texts(drawn)


def test_page_with_two_tables_and_prose(recognize: Recognize) -> None:
    sheet = Sheet()
    sheet.text(
        "The first quarter went better than anyone in the company had expected.",
        "Sales rose in all regions, most of all in the north of the country, and",
        "prices were stable. The figures of the single regions are given below.",
    )
    sheet.text("Table 1: Revenue by region")
    sheet.table(SALES)
    sheet.text(
        "Stocks of the most important articles were counted at the end of March,",
        "with the result that is shown in the second table. Nothing was missing.",
    )
    sheet.table(PRICES, Look(rules="booktabs", pad_x=26))
    sheet.text("Source: own survey")
    sheet.space(60)
    sheet.text("17")
    recognition = recognize(sheet.pixels())
    assert [texts(found.table) for found in recognition.tables] == [texts(SALES), texts(PRICES)]
    first, second = (found.table for found in recognition.tables)
    assert first.title == "Table 1: Revenue by region"
    assert second.notes == ("Source: own survey",)


def test_two_ruled_tables_side_by_side(recognize: Recognize) -> None:
    left = table("Key | Value", "red | 10", "green | 25", "blue | 31")
    right = table("City | People | Rank", "Bern | 134 | 5", "Basel | 178 | 3")
    sheet = Sheet()
    sheet.table(left)
    sheet.table(right, left=420)
    found = recognize(sheet.pixels())
    assert [texts(item.table) for item in found.tables] == [texts(left), texts(right)]


def test_cells_know_their_place_in_the_image(recognize: Recognize) -> None:
    pixels = draw(SALES, margin=60)
    recognition = recognize(pixels)
    for cell in only(recognition).cells:
        assert cell.box is not None
        assert 50 <= cell.box.x0 < cell.box.x1 <= pixels.shape[1] - 50
        assert 50 <= cell.box.y0 < cell.box.y1 <= pixels.shape[0] - 50
        assert cell.confidence is not None
        assert cell.confidence > 0.8
    corner = only(recognition).at(2, 1).box
    neighbour = only(recognition).at(2, 2).box
    assert corner is not None
    assert neighbour is not None
    assert corner.x1 <= neighbour.x0 + 4


def test_ink_that_cannot_be_read_makes_a_cell_doubtful(recognize: Recognize) -> None:
    pixels = draw(PRICES)
    place = only(recognize(pixels)).at(2, 3).box
    assert place is not None
    x, y = round(place.x1) - 40, round((place.y0 + place.y1) / 2)
    pixels[int(place.y0) + 4 : int(place.y1) - 4, int(place.x0) + 4 : int(place.x1) - 4] = 255
    cv2.circle(pixels, (x, y), 9, (20, 20, 20), -1)
    cell = only(recognize(pixels)).at(2, 3)
    assert cell.confidence is not None
    assert cell.confidence < 0.7


def test_where_rulings_part_single_lines_several_lines_are_one_cell(recognize: Recognize) -> None:
    drawn = table(
        "Group | North | South",
        "Alder | 8.4\n10.5\n20.1 | 5.6\n3.2\n0.7",
        "Birch | 1.3 | 2.2",
        "Cedar | 6.7 | 3.1",
        "Others | 42.2 | 9.7",
    )
    found = only(recognize(draw(drawn)))
    assert texts(found)[1] == ["Alder", "8.4 10.5 20.1", "5.6 3.2 0.7"]
    assert len(texts(found)) == 5
