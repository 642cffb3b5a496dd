"""A long table cut into bands of rows, each with the header above it, and the answers put together again.

An answer holds about 8,000 tokens; a table that needs more never comes whole. Where its rows lie is known
from another engine's reading of the same page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.recognition.survey import Survey
from app.tables.geometry import Box
from app.tables.grid import Cell, Table
from app.tables.text import clean

_CELL_TOKENS = 10
"""Of the tags around a cell's text."""
_TEXT_TOKENS = 0.6
"""For each character; digits are dear."""
_MOST_TOKENS = 2_500
"""Of a band's answer: a third of what there is room for, as the estimate is rough."""
_LONG = 5_300
"""Tokens of an answer, about two thirds of what there is room for, from which it may break off."""


@dataclass(frozen=True, slots=True)
class Band:
    """What is shown to the model in one request: strips of the page, one below the other."""

    strips: tuple[Box, ...]


def is_long(survey: Survey) -> bool:
    """Whether the answer to a page, were all of it a table, might have no room."""
    return _CELL_TOKENS * survey.runs + _TEXT_TOKENS * survey.characters > _LONG


def bands_of(table: Table, box: Box, room: Box) -> list[Band]:
    """The bands of a table, one where it is short. Rows without any place go with the row above them.

    ``table``: as another engine read it, with boxes of cells in pixels of the page; ``box``: where it lies;
    ``room``: the same, or the whole page where nothing else stands there, so that its title and notes come
    along with the first and the last band.
    """
    tops = _tops(table, box)
    head = Box(room.x0, box.y0, room.x1, tops[table.header_rows]) if _has_head(table) else None
    bands: list[Band] = []
    for first, last in _runs(table):
        bottom = tops[last] if last < table.rows else room.y1
        strip = Box(room.x0, tops[first] if bands else room.y0, room.x1, bottom)
        bands.append(Band((head, strip) if head and bands else (strip,)))
    return bands


def _has_head(table: Table) -> bool:
    return 0 < table.header_rows < table.rows


def stitched(answers: Sequence[Table]) -> Table:
    """The table whose bands were answered with these; the header is taken from the first one."""
    first = answers[0]
    rows = [_texts(first, row) for row in range(first.header_rows)]
    cells: list[Cell] = []
    height = 0
    for number, answer in enumerate(answers):
        skipped = _repeated(answer, rows) if number else 0
        cells += [
            replace(cell, row=cell.row - skipped + height) for cell in answer.cells if cell.row >= skipped
        ]
        height += answer.rows - skipped
    width = max(answer.cols for answer in answers)
    notes = tuple(dict.fromkeys(note for answer in answers for note in answer.notes))
    return Table.from_cells(
        cells, rows=height, cols=width, header_rows=first.header_rows, title=first.title, notes=notes
    )


def _runs(table: Table) -> Iterator[tuple[int, int]]:
    """First row and the row after the last of each band; no cell is cut."""
    costs = [0.0] * table.rows
    glued = set[int]()
    for cell in table.cells:
        costs[cell.row] += _CELL_TOKENS + _TEXT_TOKENS * len(cell.text)
        glued.update(range(cell.row + 1, cell.row + cell.row_span))
    first, spent = 0, 0.0
    head = sum(costs[: table.header_rows])
    for row in range(table.rows):
        if spent + costs[row] > _MOST_TOKENS and row > max(first, table.header_rows) and row not in glued:
            yield first, row
            first, spent = row, head
        spent += costs[row]
    yield first, table.rows


def _tops(table: Table, box: Box) -> list[float]:
    """The upper edge of each row: between it and the row above, never going back."""
    starts: list[float | None] = [None] * table.rows
    ends: list[float | None] = [None] * table.rows
    for cell in table.cells:
        if cell.box is not None and cell.text:
            last = cell.row + cell.row_span - 1
            above, below = starts[cell.row], ends[last]
            starts[cell.row] = cell.box.y0 if above is None else min(above, cell.box.y0)
            ends[last] = cell.box.y1 if below is None else max(below, cell.box.y1)
    tops: list[float] = []
    for row, start in enumerate(starts):
        before = tops[-1] if tops else box.y0
        end = ends[row - 1] if row else None
        middle = start if end is None or start is None else (start + end) / 2
        tops.append(box.y0 if row == 0 else max(before, before if middle is None else middle))
    return tops


def _repeated(answer: Table, head: Sequence[Sequence[str]]) -> int:
    """Rows at the top of a band's answer that say what the header says."""
    count = 0
    while count < min(len(head), answer.rows - 1) and _texts(answer, count) == head[count]:
        count += 1
    spans = [cell.row + cell.row_span for cell in answer.cells if cell.row < count]
    return count if all(end <= count for end in spans) else 0


def _texts(table: Table, row: int) -> list[str]:
    return [clean(cell.text).casefold() for cell in table.cells if cell.row == row and cell.text]
