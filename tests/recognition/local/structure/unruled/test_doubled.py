"""Rows of the network that hold two rows of the table."""

from __future__ import annotations

from app.recognition.local.evidence import GridHypothesis, Span
from app.recognition.local.structure.unruled.doubled import with_parted_rows
from tests.support.typewriter import HIGH, texts, typed


def seen(page: str, *lines: int, spans: tuple[Span, ...] = ()) -> list[list[str]]:
    """The parted rows of a page whose columns begin 12 characters apart. ``lines``: of each row given."""
    sheet = typed(page)
    ends = [6.0 + 20 * sum(lines[:i]) for i in range(len(lines) + 1)]
    cols = tuple(72.0 * i - 3 for i in range(5))
    grid = GridHypothesis(tuple(y - 4 for y in ends), cols, spans, source="slanet")
    return texts(sheet, with_parted_rows(grid, sheet.words, HIGH))


def test_two_whole_lines_of_values_and_single_words_are_two_rows() -> None:
    page = """
                First       Second      Third
                model       model       model
    Rate        3.387       3.318       3.283
    Bandwidth   MSE         CER         MSE
    Size        12.365      9.651       10.793
    Towns       56          45          51
    """
    assert seen(page, 2, 1, 2, 1) == [
        ["", "First model", "Second model", "Third model"],
        ["Rate", "3.387", "3.318", "3.283"],
        ["Bandwidth", "MSE", "CER", "MSE"],
        ["Size", "12.365", "9.651", "10.793"],
        ["Towns", "56", "45", "51"],
    ]


def test_errors_in_brackets_have_rows_of_their_own() -> None:
    page = """
                (1)         (2)         (3)
    Rate        3.387***    3.318       3.283
                (1.304)     (1.517)     (0.509)
    Age                     0.120
                            (0.011)
    Income                              -0.450*
    """
    rows = [["Rate", "3.387***", "3.318", "3.283"], ["", "(1.304)", "(1.517)", "(0.509)"]]
    rows += [["Age", "", "0.120", ""], ["", "", "(0.011)", ""], ["Income", "", "", "-0.450*"]]
    assert seen(page, 1, 2, 3)[1:] == rows


def test_brackets_that_found_no_room_behind_their_values_are_none() -> None:
    page = """
                2019        2020        2021
    Fever       315 (12)    996 (31)    964 (30)
    Cough       296 (11)    276 (93)    320 (10)
    Total       160744      4152 (2)    43649
                (62.0)                  (27.8)
    """
    assert seen(page, 1, 1, 1, 2)[3] == ["Total", "160744 (62.0)", "4152 (2)", "43649 (27.8)"]


def test_texts_that_go_on_and_cells_over_several_rows_stay_whole() -> None:
    page = """
    Town        Count       River       Bridges
    Bern        12 of the   the Aare    five of
    and more    old ones    as well     them
    Basel       12          Rhine       6
    Chur        13          Plessur     4
    """
    spans = (Span(2, 0, 1, 2),)
    assert len(seen(page, 1, 2, 2, spans=spans)) == 3


def test_numbers_of_columns_are_a_row_above_their_names() -> None:
    page = """
                (1)         (2)         (3)
                Growth      Growth      Level
    Towns       0.524       -0.010      0.266
                (.)         (.)         (.)
    Rate        0.120       0.450       0.118
    """
    rows = [["", "(1)", "(2)", "(3)"], ["", "Growth", "Growth", "Level"]]
    rows += [["Towns", "0.524", "-0.010", "0.266"], ["", "(.)", "(.)", "(.)"]]
    assert seen(page, 2, 2, 1)[:4] == rows
