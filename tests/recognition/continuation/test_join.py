"""Tables that continue on the next page become one; whatever is not certain stays apart."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from app.recognition.continuation.join import join_continued
from app.recognition.engine import EngineName, FoundTable, Recognition, Surroundings
from app.tables.geometry import Box
from app.tables.grid import Table
from tests.support.drawing import table
from tests.support.tables import texts

HEADER = "Country | 2023 | 2024"
PAGE = (1000.0, 1400.0)
EDGES = (100.0, 400.0, 640.0, 900.0)


def on_page(
    page: int,
    drawn: Table,
    *,
    above: tuple[str, ...] = (),
    below: tuple[str, ...] = (),
    edges: tuple[float, ...] = EDGES,
    bottom: float = 1300.0,
) -> FoundTable:
    """The table as an engine finds it on paper, rows 20 pixels high."""
    top = bottom - 20 * drawn.rows
    cells = tuple(
        replace(
            cell,
            box=Box(
                edges[cell.col],
                top + 20 * cell.row,
                edges[cell.col + cell.col_span],
                top + 20 * (cell.row + cell.row_span),
            ),
        )
        for cell in drawn.cells
    )
    box = Box(edges[0], top, edges[drawn.cols], bottom)
    return FoundTable(replace(drawn, cells=cells), page, box, Surroundings(above, below, *PAGE))


def joined(*tables: FoundTable) -> Recognition:
    return join_continued(Recognition(tables, max(t.page for t in tables), EngineName.LOCAL))


def shapes(*tables: FoundTable) -> list[tuple[int, int]]:
    """First and last page of each table."""
    return [
        (found.page, found.parts[-1].page if found.parts else found.page) for found in joined(*tables).tables
    ]


FIRST = table(HEADER, "Austria | 12 | 14", "Belgium | 5 | 6", header_rows=1, title="Table 3. Exports")
SECOND = table(HEADER, "Cyprus | 1 | 2", "Denmark | 7 | 8", header_rows=1)
BARE = table("Cyprus | 1 | 2", "Denmark | 7 | 8")


def test_a_repeated_header_is_kept_in_the_part_alone() -> None:
    recognition = joined(on_page(1, FIRST), on_page(2, SECOND))
    (found,) = recognition.tables
    assert texts(found.table) == [
        ["Country", "2023", "2024"],
        ["Austria", "12", "14"],
        ["Belgium", "5", "6"],
        ["Cyprus", "1", "2"],
        ["Denmark", "7", "8"],
    ]
    assert (found.table.header_rows, found.table.title) == (1, "Table 3. Exports")
    assert [(part.page, part.first_row, part.rows) for part in found.parts] == [(1, 0, 3), (2, 3, 2)]
    assert texts(found.parts[1].table) == texts(SECOND)
    (sentence,) = recognition.warnings
    assert "pages 1–2" in sentence


def test_cells_keep_their_place_on_their_own_page() -> None:
    second = on_page(2, SECOND)
    (found,) = joined(on_page(1, FIRST), second).tables
    assert found.table.at(3, 0).box == second.table.at(1, 0).box


def test_a_table_goes_on_over_many_pages_and_ends_where_another_begins() -> None:
    other = table("Sector | Share", "Steel | 4 %", "Glass | 6 %", header_rows=1, title="Table 4. Sectors")
    tables = [on_page(1, FIRST), on_page(2, SECOND), on_page(3, BARE, bottom=400), on_page(3, other)]
    assert shapes(*tables) == [(1, 3), (3, 3)]
    assert shapes(*tables, on_page(4, SECOND)) == [(1, 3), (3, 3), (4, 4)]


def test_a_table_without_repeated_header_goes_on_in_its_columns() -> None:
    (found,) = joined(on_page(1, FIRST), on_page(2, BARE)).tables
    assert texts(found.table)[2:] == [["Belgium", "5", "6"], ["Cyprus", "1", "2"], ["Denmark", "7", "8"]]


@pytest.mark.parametrize(
    "caption",
    [
        "Table 3 (continued)",
        "Table 3. Exports (cont'd)",
        "Continued from the previous page",
        "Noch: Tabelle 3",
        "Tabelle 3 – Fortsetzung",
        "Tableau 3 (suite)",
        "Tabla 3 (continuación)",
        "(продолжение)",
    ],
)
def test_captions_may_say_that_it_goes_on(caption: str) -> None:
    first, second = on_page(1, FIRST, bottom=500), on_page(2, BARE)
    assert shapes(first, second) == [(1, 1), (2, 2)]  # the page was not full
    assert shapes(first, on_page(2, replace(BARE, title=caption))) == [(1, 2)]
    assert shapes(first, on_page(2, BARE, above=(caption,))) == [(1, 2)]


def test_rows_that_only_announce_the_next_page_are_left_out() -> None:
    first = table(
        *["Country | 2023 | 2024", "Austria | 12 | 14", "Continued on next page | < | <"], header_rows=1
    )
    second = table("Table 1 – continued from previous page | < | <", HEADER, "Cyprus | 1 | 2", header_rows=2)
    (found,) = joined(on_page(1, first), on_page(2, second)).tables
    assert texts(found.table) == [["Country", "2023", "2024"], ["Austria", "12", "14"], ["Cyprus", "1", "2"]]
    assert texts(found.parts[0].table) == texts(first)


APART = {
    "a caption of its own": on_page(2, replace(SECOND, title="Table 4. Imports")),
    "a continued caption of another table": on_page(2, replace(SECOND, title="Table 2 (continued)")),
    "a heading between": on_page(2, SECOND, above=("3.2 Imports",)),
    "other names of columns": on_page(2, table("Country | 1st | 2nd", "Cyprus | 1 | 2", header_rows=1)),
    "other columns": on_page(2, table("Country | 2023", "Cyprus | 1", header_rows=1)),
    "columns elsewhere": on_page(2, BARE, edges=(500, 560, 660, 900)),
    "words where numbers were": on_page(2, table("Cyprus | low | high", "Malta | high | low")),
    "the same labels again": on_page(2, table(HEADER, "Austria | 3 | 4", "Belgium | 7 | 8", header_rows=1)),
    "a page between": on_page(3, SECOND),
}


@pytest.mark.parametrize("why", APART)
def test_another_table_stays_another(why: str) -> None:
    following = APART[why]
    assert shapes(on_page(1, FIRST), following) == [(1, 1), (following.page, following.page)]


def test_text_or_notes_below_end_a_table() -> None:
    assert shapes(on_page(1, FIRST, below=("As Table 3 shows, …",)), on_page(2, SECOND)) == [(1, 1), (2, 2)]
    noted = replace(FIRST, notes=("Source: Eurostat",))
    assert shapes(on_page(1, noted), on_page(2, SECOND)) == [(1, 1), (2, 2)]
    again = replace(SECOND, notes=("Source: Eurostat",))
    (found,) = joined(on_page(1, noted), on_page(2, again)).tables
    assert found.table.notes == ("Source: Eurostat",)


def test_tables_side_by_side_are_not_continued() -> None:
    beside = on_page(1, table("X | Y", "1 | 2"), edges=(920, 940, 980))
    assert shapes(on_page(1, FIRST), beside, on_page(2, SECOND)) == [(1, 1), (1, 1), (2, 2)]


def test_an_engine_that_knows_no_surroundings_gets_its_tables_back() -> None:
    tables = tuple(replace(found, surroundings=None) for found in (on_page(1, FIRST), on_page(2, SECOND)))
    assert joined(*tables) == Recognition(tables, 2, EngineName.LOCAL)


def test_tables_of_words_need_columns_at_the_very_same_places() -> None:
    first = table(
        "Term | Meaning | Use", "Ruling | a drawn line | many", "Box | a rectangle | few", header_rows=1
    )
    second = table("Stub | the first column | some", "Span | over several | some", header_rows=1)
    assert shapes(on_page(1, first), on_page(2, second)) == [(1, 2)]
    shifted = on_page(2, second, edges=(100, 420, 640, 900))
    assert shapes(on_page(1, first), shifted) == [(1, 1), (2, 2)]


def test_a_row_cut_by_the_end_of_the_page_is_made_whole() -> None:
    first = table(
        "Item | Remark | Cost", "Roof | new tiles | 120", "Wall | painted in a colour | 80", header_rows=1
    )
    second = table(" | that the neigh- bours chose | ", "Door | oak | 300", "Gate | iron | 90")
    (found,) = joined(on_page(1, first), on_page(2, second)).tables
    assert texts(found.table)[2:] == [
        ["Wall", "painted in a colour that the neigh- bours chose", "80"],
        ["Door", "oak", "300"],
        ["Gate", "iron", "90"],
    ]
    assert [(part.first_row, part.rows) for part in found.parts] == [(0, 3), (2, 3)]


def test_rows_that_may_stand_for_themselves_are_not_run_together() -> None:
    first = table("Item | Remark | Cost", "Roof | New tiles | 120", "Wall | Painted | 80", header_rows=1)
    second = table(" | Second coat | 20", "Door | Oak | 300", "Gate | Iron | 90")
    (found,) = joined(on_page(1, first), on_page(2, second)).tables
    assert found.table.rows == 6


def test_fifty_pages_take_no_longer_each_than_five() -> None:
    rows = [HEADER, *(f"Place {i} | {i} | {i + 1}" for i in range(60))]
    pages = [
        on_page(number, table(*rows[:1], *(f"{number}-{r}" for r in rows[1:]), header_rows=1))
        for number in range(1, 51)
    ]
    seconds: list[float] = []
    for count in (5, 50):
        begin = time.process_time()
        (found,) = joined(*pages[:count]).tables
        seconds.append(time.process_time() - begin)
        assert found.table.rows == 1 + 60 * count
    assert seconds[1] < 40 * max(seconds[0], 0.005)
