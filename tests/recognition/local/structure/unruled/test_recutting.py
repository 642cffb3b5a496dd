"""Rows that the network took for one cell, and column names that lean over their neighbours."""

from __future__ import annotations

from dataclasses import replace

from app.recognition.local.evidence import GridHypothesis, Span
from app.recognition.local.structure.unruled.gaps import from_gaps
from app.recognition.local.structure.unruled.lines import character_height
from app.recognition.local.structure.unruled.recutting import recut
from tests.support.typewriter import HIGH, WIDE, Typed, texts, typed

STOCK = """
    Item          Quantity     Price   Amount
    Washer              80     42.85  3428.00
    Nut                  4     77.28   309.12
    Bracket             12      5.50    66.00
"""


def after(page: Typed, grid: GridHypothesis | None) -> list[list[str]]:
    assert grid is not None
    return texts(page, recut(grid, page.words, page.rulings, character_height(page.words)))


def test_column_names_taken_for_one_cell_are_cells_again() -> None:
    page = typed(STOCK)
    grid = from_gaps(page.words, page.box, page.rulings)
    assert grid is not None

    seen = after(page, replace(grid, spans=(Span(0, 0, 1, 4),)))

    assert seen[0] == ["Item", "Quantity", "Price", "Amount"]


def test_names_read_as_one_text_are_those_of_the_columns_below_each() -> None:
    page = typed("""
        Item       Number Prices Amount
        Washer         80  42.85  28.00
        Nut             4  77.28   9.12
        Bracket        12   5.50  66.00
    """)
    grid = from_gaps(page.words, page.box, page.rulings)
    assert grid is not None

    seen = after(page, replace(grid, spans=(Span(0, 1, 1, 3),)))

    assert seen[0] == ["Item", "Number", "Prices", "Amount"]


def test_a_cell_over_several_columns_that_holds_one_text_stays() -> None:
    page = typed("""
        Item         Of all pieces on stock
        Washer              80     42.85
        Nut                  4     77.28
    """)
    grid = from_gaps(page.words, page.box, page.rulings)
    assert grid is not None
    seen = after(page, replace(grid, spans=(Span(0, 1, 1, 2),)))

    assert seen[0] == ["Item", "Of all pieces on stock", "<"]


def test_a_name_that_leans_over_the_column_before_it_is_its_own_columns() -> None:
    """The network's boundary runs through the name; the columns are those of the numbers."""
    page = typed(STOCK)
    grid = from_gaps(page.words, page.box, page.rulings)
    assert grid is not None
    through = page.box.x0 + 16 * WIDE + HIGH / 2
    bounds = (grid.col_bounds[0], through, *grid.col_bounds[2:])

    seen = after(page, replace(grid, col_bounds=bounds, spans=(Span(0, 0, 1, 2),)))

    assert seen[0] == ["Item", "Quantity", "Price", "Amount"]
