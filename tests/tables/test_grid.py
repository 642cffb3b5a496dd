"""A table that does not tile its grid cannot be constructed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from app.models.tables import TableModel
from app.tables.geometry import Box, hull
from app.tables.grid import Cell, Table
from tests.support.drawing import table
from tests.support.random_tables import tables


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ((Cell(0, 0), Cell(0, 1), Cell(1, 0)), "no cell"),
        ((Cell(0, 0, col_span=2), Cell(0, 1), Cell(1, 0), Cell(1, 1)), "two cells"),
        ((Cell(0, 0, row_span=3), Cell(0, 1), Cell(1, 1)), "outside"),
    ],
)
def test_wrong_tilings_are_refused(cells: tuple[Cell, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Table(2, 2, cells)


@pytest.mark.parametrize("place", [{"row": -1}, {"col": -1}, {"row_span": 0}, {"col_span": 0}])
def test_impossible_cells_are_refused(place: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="impossible"):
        Cell(**{"row": 0, "col": 0, **place})


def test_holes_are_filled_on_demand() -> None:
    filled = Table.from_cells([Cell(1, 1, "x")], cols=3)

    assert [[cell.text for cell in row] for row in filled.dense()] == [["", "", ""], ["", "x", ""]]


def test_a_drawn_table_is_what_it_looks_like() -> None:
    drawn = table("Revenue | < | Total", "2023 | 2024 | ^", "10 | 12 | 22", header_rows=2)

    assert drawn.at(0, 1) == Cell(0, 0, "Revenue", col_span=2)
    assert drawn.at(1, 2) == Cell(0, 2, "Total", row_span=2)
    assert drawn.at(2, 2) == Cell(2, 2, "22")
    with pytest.raises(IndexError):
        drawn.at(3, 0)


@settings(max_examples=40)
@given(tables())
def test_tables_survive_json(drawn: Table) -> None:
    model = TableModel.of(drawn)

    assert model.to_table() == drawn
    assert sum(len(list(cell.positions())) for cell in drawn.cells) == drawn.rows * drawn.cols


def test_repairs_survive_json() -> None:
    repaired = Cell(0, 0, "5.10", raw_text="S.10", alternatives=("S.10", "5.1O"))
    found = Table.from_cells([repaired], rows=1, cols=2)

    assert TableModel.of(found).to_table() == found
    assert TableModel.of(found).cells[1].raw_text is None


def test_boxes() -> None:
    first, second = Box(0, 0, 10, 10), Box(5, 5, 20, 8)

    assert first.overlap(second) == 15
    assert first.overlap(Box(30, 30, 40, 40)) == 0
    assert hull([first, second]) == Box(0, 0, 20, 10)
    assert hull([]) is None
    with pytest.raises(ValueError, match="out of order"):
        Box(1, 0, 0, 1)
