"""The scorer sees the faults that a reader would see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.recognition.local.evidence import GridHypothesis, Span
from app.recognition.local.structure.unruled.gaps import from_gaps
from app.recognition.local.structure.unruled.scorer import score
from tests.support.typewriter import Typed, typed

PAGE = typed("""
               Revenue, million
    Country    2021      2022      Change
    -------------------------------------
    Austria     1.5       9.1       12 %
    -------------------------------------
    Belgium     3.0      10.2       34 %
    -------------------------------------
    Czechia     4.4       7.0        8 %
    -------------------------------------
    Denmark    12.1       0.3        7 %
""")


def right(page: Typed = PAGE) -> GridHypothesis:
    grid = from_gaps(page.words, page.box, page.rulings)
    assert grid is not None
    assert (grid.rows, grid.cols) == (6, 4)
    return grid


def without(bounds: tuple[float, ...], index: int) -> tuple[float, ...]:
    return (*bounds[:index], *bounds[index + 1 :])


def moved(bounds: tuple[float, ...], index: int, by: float) -> tuple[float, ...]:
    return (*bounds[:index], bounds[index] + by, *bounds[index + 1 :])


def faulty() -> dict[str, GridHypothesis]:
    grid = replace(right(), spans=())
    rows, cols = grid.row_bounds, grid.col_bounds
    return {
        "two columns taken as one": replace(grid, col_bounds=without(cols, 2)),
        "two rows taken as one": replace(grid, row_bounds=without(rows, 4)),
        "a column boundary through words": replace(grid, col_bounds=moved(cols, 1, -36)),
        "a row boundary through words": replace(grid, row_bounds=moved(rows, 4, 10)),
        "a row too many": replace(grid, row_bounds=(*rows, rows[-1] + 20)),
        "a column too many": replace(grid, col_bounds=(cols[0] - 40, *cols)),
    }


@pytest.mark.parametrize("fault", faulty())
def test_a_fault_costs(fault: str) -> None:
    grid = replace(right(), spans=())
    assert score(faulty()[fault], PAGE.words, PAGE.rulings) < score(grid, PAGE.words, PAGE.rulings)


def test_a_span_excuses_the_word_that_crosses_a_gutter() -> None:
    page = typed("""
               A header over both
        North     12.0      13.5
        South     10.4      11.1
        East       9.9      14.8
    """)
    bounds = ((0, 28, 48, 68, 98), (-6, 40, 84, 160))
    plain = GridHypothesis(*bounds)
    spanned = GridHypothesis(*bounds, spans=(Span(0, 1, 1, 2),))
    assert score(spanned, page.words, ()) > score(plain, page.words, ())


def test_two_values_in_one_cell_cost_however_near_they_stand() -> None:
    page = """
        Sector     Value of 2019
        Wheat       0,426 0,152
        Fish        0,314 0,919
    """
    grid = GridHypothesis((0, 26, 46, 70), (0, 60, 150))
    values, groups = typed(page), typed(page.replace(",", " "))
    assert score(grid, values.words, ()) < score(grid, groups.words, ())


def test_an_error_below_its_value_is_no_second_number() -> None:
    page = """
        Denmark        7,298,365   Financial local
                         ± 1.9     samples of it
        Norway         9,157,512   Analysis of the
                         ± 0.3     energy market
    """
    grid = GridHypothesis((0, 46, 90), (0, 70, 155, 270))
    errors, numbers = typed(page), typed(page.replace("±", "1"))
    assert score(grid, errors.words, ()) > score(grid, numbers.words, ())
