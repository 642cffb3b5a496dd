"""Rows of cells with spans, as a model wrote them, become a table that tiles its grid.

Follows the HTML standard's "forming a table" (https://html.spec.whatwg.org/#forming-a-table), except that
cells never overlap: a span that runs into another cell or over the edge is clipped. No text is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.errors import EngineAnswerUnusable
from app.tables.grid import Cell, Table

MAX_POSITIONS = 200_000
"""Largest grid, rows × columns; no page holds more."""
_MAX_COL_SPAN = 200
"""Columns; the HTML standard allows 1,000, no page does."""


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """A cell as it was written; spans may be absurd, a ``row_span`` of 0 means "all rows below"."""

    text: str = ""
    row_span: int = 1
    col_span: int = 1
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table as it was written, before its spans are resolved."""

    rows: tuple[tuple[WrittenCell, ...], ...]
    head_rows: int | None = None
    """Rows of the head where one was marked; None: header cells decide."""
    caption: str = ""
    stray: tuple[str, ...] = ()
    """Text found between the cells."""


def formed_table(written: WrittenTable, *, title: str = "", notes: tuple[str, ...] = ()) -> Table | None:
    """The table, or None when no cell holds any text. EngineAnswerUnusable: the grid is beyond any page."""
    if not any(cell.text for row in written.rows for cell in row):
        return None
    cells, rows = _place(written)
    cells = _without_overhang(cells, rows)
    head = min(rows, written.head_rows if written.head_rows is not None else _leading_headers(written))
    return Table.from_cells(
        cells,
        rows=rows,
        header_rows=_whole_cells(cells, head),
        title=" ".join(filter(None, (title, written.caption))),
        notes=(*written.stray, *notes),
    )


def _place(written: WrittenTable) -> tuple[list[Cell], int]:
    """Cells at their places, and the number of rows; a row without a cell, own or from above, vanishes."""
    cells: list[Cell] = []
    free_from: list[int] = []  # by column: the first row that is not covered from above
    height = len(written.rows)
    row = 0
    for given in written.rows:
        if not given and not any(until > row for until in free_from):
            continue
        _place_row(given, row, height, free_from, cells)
        if len(free_from) * height > MAX_POSITIONS:
            raise EngineAnswerUnusable("The olmOCR model answered with a table that is too large to be true.")
        row += 1
    return [replace(cell, row_span=min(cell.row_span, row - cell.row)) for cell in cells], row


def _place_row(
    given: tuple[WrittenCell, ...], row: int, height: int, free_from: list[int], cells: list[Cell]
) -> None:
    col = 0
    for cell in given:
        while col < len(free_from) and free_from[col] > row:
            col += 1
        width = _free_run(free_from, row, col, min(max(1, cell.col_span), _MAX_COL_SPAN))
        down = min(cell.row_span, height - row) if cell.row_span > 0 else height - row
        cells.append(Cell(row, col, cell.text, down, width))
        free_from.extend([0] * (col + width - len(free_from)))
        free_from[col : col + width] = [row + down] * width
        col += width


def _free_run(free_from: list[int], row: int, col: int, wanted: int) -> int:
    """How many of the ``wanted`` columns from ``col`` on are free; the first one is."""
    for width in range(1, wanted):
        if col + width < len(free_from) and free_from[col + width] > row:
            return width
    return wanted


def _without_overhang(cells: list[Cell], rows: int) -> list[Cell]:
    """Clips spans that reach over the right edge of all other rows: columns at the end in which no cell
    begins and some row has nothing, or that only an absurd span made."""
    covered = [0] * max(cell.col + cell.col_span for cell in cells)
    for cell in cells:
        for col in range(cell.col, cell.col + cell.col_span):
            covered[col] += cell.row_span
    last_begin = max(cell.col for cell in cells)
    cols = len(covered)
    while cols > last_begin + 1 and (covered[cols - 1] < rows or len(covered) >= _MAX_COL_SPAN):
        cols -= 1
    return [replace(cell, col_span=min(cell.col_span, cols - cell.col)) for cell in cells]


def _leading_headers(written: WrittenTable) -> int:
    """Rows at the top that hold header cells alone; a row of blanks and header cells counts."""
    count = 0
    for row in written.rows:
        if not any(cell.is_header for cell in row) or any(not c.is_header and c.text for c in row):
            break
        count += 1
    return count if count < len(written.rows) else min(1, count)


def _whole_cells(cells: list[Cell], head: int) -> int:
    """The head reaches as far down as its spanning cells: models often end it too early."""
    for cell in cells:  # in the order of rows
        if cell.row < head:
            head = max(head, cell.row + cell.row_span)
    return head
