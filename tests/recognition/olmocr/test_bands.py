"""A long table is cut between rows, and its bands become the same table again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.recognition.olmocr.bands import bands_of, stitched
from app.tables.geometry import Box
from app.tables.grid import Cell, Table

HEAD = 2
ROW = 20.0


def _long(rows: int, *, spans: bool = False) -> Table:
    """Two header rows, the first over both columns; rows 20 pixels high."""
    cells = [Cell(0, 0, "Calls", 1, 2, _place(0)), Cell(1, 0, "Port", box=_place(1)), Cell(1, 1, "No.")]
    for row in range(HEAD, rows):
        tall = spans and row % 2 == 0 and row + 1 < rows
        if not (spans and row % 2 and row > HEAD):
            cells.append(Cell(row, 0, f"Harbour {row}", 2 if tall else 1, 1, _place(row)))
        cells.append(Cell(row, 1, f"{row},204.50", box=_place(row)))
    return Table.from_cells(cells, header_rows=HEAD, title="Table 1", notes=("a",))


def _place(row: int) -> Box:
    top = 30 + row * ROW
    return Box(12, top + 4, 300, top + ROW - 4)


def _seen(table: Table, rows: list[int]) -> Table:
    """What a model answers that is shown these rows."""
    cells = [replace(cell, row=rows.index(cell.row), box=None) for cell in table.cells if cell.row in rows]
    return Table.from_cells(cells, header_rows=HEAD, title=table.title, notes=table.notes)


def _shown(strip: Box, table: Table) -> list[int]:
    middles = [30 + (row + 0.5) * ROW for row in range(table.rows)]
    return [row for row, middle in enumerate(middles) if strip.y0 <= middle < strip.y1]


@pytest.mark.parametrize("spans", [False, True])
@pytest.mark.parametrize("rows", [3, 299, 300])
def test_bands_become_the_same_table(rows: int, spans: bool) -> None:
    table = _long(rows, spans=spans)
    bands = bands_of(table, Box(10, 30, 410, 30 + rows * ROW), Box(0, 0, 500, 40 + rows * ROW))

    shown = [[row for strip in band.strips for row in _shown(strip, table)] for band in bands]
    whole = stitched([_seen(table, rows_) for rows_ in shown])

    assert (len(bands) > 1) == (rows > 3)
    assert bands[0].strips[0].y0 == 0, "the title comes along"
    assert bands[-1].strips[-1].y1 == 40 + rows * ROW, "and the notes"
    assert all(rows_[:HEAD] == [0, 1] for rows_ in shown), "each band shows the header"
    bare = replace(table, cells=tuple(replace(cell, box=None) for cell in table.cells))
    assert whole == bare


def test_header_that_a_band_does_not_repeat_costs_no_row() -> None:
    first = Table(2, 1, (Cell(0, 0, "Port"), Cell(1, 0, "Turku")), 1)
    second = Table(2, 1, (Cell(0, 0, "Oulu"), Cell(1, 0, "Port")), 1)

    assert [cell.text for cell in stitched([first, second]).cells] == ["Port", "Turku", "Oulu", "Port"]


def test_band_with_fewer_columns_loses_nothing() -> None:
    first = Table(2, 2, (Cell(0, 0, "A"), Cell(0, 1, "B"), Cell(1, 0, "1"), Cell(1, 1, "2")), 1)
    second = Table(2, 1, (Cell(0, 0, "3"), Cell(1, 0, "4")), 0)

    whole = stitched([first, second])

    assert (whole.rows, whole.cols) == (4, 2)
    assert [cell.text for cell in whole.cells] == ["A", "B", "1", "2", "3", "", "4", ""]
