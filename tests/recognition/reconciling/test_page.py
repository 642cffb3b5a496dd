"""An answer beside what was seen on its page: each fault is named, nothing right is doubted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from app.recognition.engine import FoundTable
from app.recognition.evidence import Rival, Word
from app.recognition.reconciling.page import PageResult, reconcile_page
from app.recognition.reconciling.texts import Agreement, agreement
from app.tables.geometry import Box
from app.tables.grid import Cell, Table, Verdict
from tests.support.drawing import table
from tests.support.random_tables import tables

ROWS = ("Region | 2022 | 2023", "North | 1,204 | 1,377", "South | | 913", "East | 2,310 | 2,468")


def seen(local: Table, page: int = 1) -> FoundTable:
    """The table as the local engine would have found it: 100 × 20 pixels a cell."""

    def box(cell: Cell) -> Box:
        right, bottom = cell.col + cell.col_span, cell.row + cell.row_span
        return Box(100 * cell.col, 20 * cell.row, 100 * right - 1, 20 * bottom - 1)

    cells = tuple(replace(cell, box=box(cell), confidence=0.95) for cell in local.cells)
    return FoundTable(replace(local, cells=cells), page, Box(0, 0, 100 * local.cols, 20 * local.rows))


def compared(said: Table, local: Table) -> PageResult:
    return reconcile_page([FoundTable(said, 1)], [seen(local)], ())


def doubts(result: PageResult) -> dict[tuple[int, int], Verdict]:
    cells = result.tables[0].table.cells
    return {(c.row, c.col): c.verdict for c in cells if c.verdict is not None and c.verdict.is_doubtful}


def texts(result: PageResult) -> list[list[str]]:
    return [[cell.text for cell in row] for row in result.tables[0].table.dense()]


def test_row_that_the_model_split_is_confirmed() -> None:
    said = table("Item | Price", "Paper, white, | 12.50", "of the first quality | ", "Ink | 3.00")
    local = table("Item | Price", "Paper, white, of the first quality | 12.50", "Ink | 3.00")

    assert not doubts(compared(said, local))
    assert not doubts(compared(local, said))


def test_columns_that_the_local_engine_joined_confirm_the_answer() -> None:
    said = table("A | B | C", "11 | 12 | 13", "21 | 22 | 23")
    local = table("A | B C", "11 | 12 13", "21 | 22 23")

    assert not doubts(compared(said, local))


def test_dropped_row_beside_a_spanning_cell_is_put_back() -> None:
    local = table("Year | Region | Sales", "2023 | North | 11", "^ | South | 12", "^ | East | 13")
    said = table("Year | Region | Sales", "2023 | North | 11", "^ | East | 13")

    result = compared(
        said, table("Year | Region | Sales", "2023 | North | 11", " | South | 12", " | East | 13")
    )

    assert result.tables[0].table.rows == 4
    assert [[c.text for c in row] for row in local.dense()] == texts(result)
    assert doubts(result) == {(2, 1): Verdict.MISSING, (2, 2): Verdict.MISSING}


def test_row_without_a_certain_place_is_reported() -> None:
    said = table("A | B", "1 | 2", "3 | 4")
    local = table("A | B | ", "1 | 2 | ", "3 | 4 |", "5 | 6 | 7")

    result = compared(said, local)

    assert texts(result) == [["A", "B"], ["1", "2"], ["3", "4"]]
    assert result.reported == ("5 | 6 | 7",)


def test_text_of_an_empty_cell_is_filled_in() -> None:
    said = table(*ROWS[:3], "East | | 2,468")

    result = compared(said, table(*ROWS))

    assert texts(result)[3] == ["East", "2,310", "2,468"]
    assert doubts(result) == {(3, 1): Verdict.MISSING}


def test_numbers_that_changed_places_are_not_confirmed_by_one_another() -> None:
    result = compared(table(*ROWS[:3], "East | 2,468 | 2,310"), table(*ROWS))

    assert set(doubts(result)) == {(3, 1), (3, 2)}


def test_number_is_confirmed_by_what_the_decoder_held_likely() -> None:
    local = table(*ROWS[:3], "East | 2,810 | 2,468")
    word = Word("2,810", Box(110, 62, 150, 76), 0.7, rivals=(Rival(2, 3, "3", 0.4),))

    result = reconcile_page([FoundTable(table(*ROWS), 1)], [seen(local)], [word])

    assert not doubts(result)


def test_header_outside_of_the_local_table_is_confirmed_by_its_words() -> None:
    words = [
        Word(text, Box(100 * i + 5, -15, 100 * i + 60, -2))
        for i, text in enumerate(("Region", "2022", "2023"))
    ]

    result = reconcile_page([FoundTable(table(*ROWS), 1)], [seen(table(*ROWS[1:]))], words)

    assert not doubts(result)


def test_words_confirm_where_no_local_table_was_found() -> None:
    words = [
        Word(text, Box(100 * c, 20 * r, 100 * c + 50, 20 * r + 14))
        for r, row in enumerate(ROWS)
        for c, text in enumerate(part.strip() for part in row.split("|"))
        if text
    ]

    result = reconcile_page([FoundTable(table(*ROWS[:3], "East | 2,310 | 9,999"), 1)], [], words)

    assert set(doubts(result)) == {(3, 2)}


def test_table_that_the_answer_lacks_is_added() -> None:
    other = seen(table("Name | Age", "Ada | 36", "Alan | 41"))

    result = reconcile_page([FoundTable(table(*ROWS), 1)], [seen(table(*ROWS)), other], ())

    assert not doubts(result)
    (lost,) = result.lost
    assert {cell.verdict for cell in lost.table.cells} == {Verdict.MISSING}


@pytest.mark.parametrize(
    ("said", "read", "expected"),
    [
        ("1 204,50 €", "1204,50€", Agreement.SAME),
        ("O.5", "0.5", Agreement.SAME),
        ("l0", "10", Agreement.SAME),
        ("x²", "x2", Agreement.SAME),
        ("1,204", "1.204", Agreement.OTHER),
        ("-12", "12", Agreement.OTHER),
        ("2019-20", "2019–20", Agreement.SAME),
        ("Legionella in 12 samples", "Legionela in 12 sampies", Agreement.CLOSE),
        ("Female", "Male", Agreement.OTHER),
        ("Sales of the year before", "Costs of the year before", Agreement.OTHER),
        ("12 of 14", "12 of 15", Agreement.OTHER),
    ],
)
def test_readings_of_one_text(said: str, read: str, expected: Agreement) -> None:
    assert agreement(said, [read]) is expected
    assert agreement(read, [said]) is expected


@given(tables(), tables())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_both_say_no_text_of_the_answer_is_lost(said: Table, local: Table) -> None:
    result = compared(said, local)

    found = result.tables[0].table
    kept = [c.text for c in found.cells if c.text and c.verdict is not Verdict.MISSING]
    assert sorted(kept) == sorted(c.text for c in said.cells if c.text)


@given(tables())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_two_equal_readings_agree(said: Table) -> None:
    result = compared(said, said)

    assert not doubts(result)
    assert texts(result) == [[cell.text for cell in row] for row in said.dense()]
