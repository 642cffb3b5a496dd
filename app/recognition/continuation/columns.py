"""Columns of two tables, compared: where they stand and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from statistics import median

from app.recognition.continuation.rows import Row, has_digits, texts_of
from app.recognition.engine import FoundTable
from app.tables.grid import Table

_SAME_EDGE = 0.006
"""In page widths."""
_SHARED = 0.5
"""Of the narrower of two columns that stand below each other."""
_KIND = 0.7
"""Share of a column's texts that makes its kind."""
_LEAST_TEXTS = 2


class Alignment(Enum):
    """How the columns of two tables stand to each other on their pages."""

    EXACT = "every edge at the same place"
    LOOSE = "each column below its like"
    NONE = "elsewhere"
    UNKNOWN = "the engine gave no places"


def alignment(first: FoundTable, second: FoundTable) -> Alignment:
    """Of two tables with equally many columns, in widths of their pages."""
    old, new = _edges(first), _edges(second)
    if old is None or new is None:
        return Alignment.UNKNOWN
    pairs = list(zip(old, new, strict=True))
    if all(abs(a[side] - b[side]) <= _SAME_EDGE for a, b in pairs for side in (0, 1)):
        return Alignment.EXACT
    shared = all(
        min(a[1], b[1]) - max(a[0], b[0]) >= _SHARED * min(a[1] - a[0], b[1] - b[0]) for a, b in pairs
    )
    return Alignment.LOOSE if shared else Alignment.NONE


def value_columns(rows: Sequence[Row]) -> set[int]:
    """The columns that mostly hold numbers, the first one left out."""
    return {col for col, share in _shares(rows).items() if col and share >= _KIND}


def contradictions(first: Sequence[Row], second: Sequence[Row]) -> int:
    """Columns that hold numbers in one and words in the other."""
    old, new = _shares(first), _shares(second)
    return sum(
        max(old[col], new[col]) >= _KIND and min(old[col], new[col]) <= 1 - _KIND
        for col in old.keys() & new.keys()
    )


def _shares(rows: Sequence[Row]) -> dict[int, float]:
    """The share of numbers among the texts of each column that has enough of them."""
    columns = zip(*map(texts_of, rows), strict=True)
    told = {
        col: [text for text in column if any(map(str.isalnum, text))] for col, column in enumerate(columns)
    }
    return {
        col: sum(map(has_digits, texts)) / len(texts)
        for col, texts in told.items()
        if len(texts) >= _LEAST_TEXTS
    }


def _edges(found: FoundTable) -> list[tuple[float, float]] | None:
    width = found.surroundings.page_width if found.surroundings else None
    if not width:
        return None
    columns = [_column_boxes(found.table, col) for col in range(found.table.cols)]
    if not all(columns):
        return None
    return [
        (median(x0 for x0, _ in column) / width, median(x1 for _, x1 in column) / width) for column in columns
    ]


def _column_boxes(table: Table, col: int) -> list[tuple[float, float]]:
    return [
        (cell.box.x0, cell.box.x1)
        for cell in table.cells
        if cell.col == col and cell.col_span == 1 and cell.box is not None
    ]
