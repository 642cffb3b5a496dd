"""Whether other readings of the region hold the same words together. That independent hypotheses agree is the
best sign that a structure is right."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.recognition.evidence import Word
from app.recognition.local.evidence import GridHypothesis, Span
from app.recognition.local.structure.choice import Choice
from app.recognition.local.trust.judged import UNKNOWN, Features, Judged

_Key = TypeVar("_Key", Span, int)
_FAR = 10.0
"""Margins of the scorer are cut off here."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which words a grid holds together, by their indices in the region."""

    cell_of: tuple[Span, ...]
    """For every word."""
    row_of: tuple[int, ...]
    col_of: tuple[int, ...]
    cells: dict[Span, frozenset[int]]
    rows: dict[int, frozenset[int]]
    cols: dict[int, frozenset[int]]


def grouping(grid: GridHypothesis, words: Sequence[Word]) -> Grouping:
    """A word belongs where its centre is."""
    covering = {
        (row, col): span
        for span in grid.spans
        for row in range(span.row, span.row + span.row_span)
        for col in range(span.col, span.col + span.col_span)
    }
    rows = [bisect_right(grid.row_bounds[1:-1], word.box.center[1]) for word in words]
    cols = [bisect_right(grid.col_bounds[1:-1], word.box.center[0]) for word in words]
    cells = [covering.get(at, Span(*at, 1, 1)) for at in zip(rows, cols, strict=True)]
    return Grouping(tuple(cells), tuple(rows), tuple(cols), _members(cells), _members(rows), _members(cols))


def agreement(judged: Judged) -> dict[Span, Features]:
    """For every cell of the chosen grid that holds the centre of a word."""
    words = judged.region.words
    own = grouping(judged.choice.grid, words)
    others = [grouping(grid, words) for grid in judged.choice.others]
    return {cell: _of_cell(cell, own, others) for cell in own.cells}


def table_agreement(judged: Judged) -> Features:
    """Of the whole table."""
    grid, others = judged.choice.grid, judged.choice.others
    return {
        "faults": -judged.choice.scores[0],
        "margin": _margin(judged.choice),
        "same rows": _mean([float(other.rows == grid.rows) for other in others]),
        "same columns": _mean([float(other.cols == grid.cols) for other in others]),
        "row difference": max((abs(other.rows - grid.rows) for other in others), default=UNKNOWN),
        "column difference": max((abs(other.cols - grid.cols) for other in others), default=UNKNOWN),
        "by rulings": float(grid.source == "rulings"),
    }


def _of_cell(cell: Span, own: Grouping, others: Sequence[Grouping]) -> Features:
    members = own.cells[cell]
    first = min(members)
    same = [float(other.cells[other.cell_of[first]] == members) for other in others]
    rows = [_alike(own.rows[own.row_of[first]], other.rows[other.row_of[first]]) for other in others]
    cols = [_alike(own.cols[own.col_of[first]], other.cols[other.col_of[first]]) for other in others]
    return {
        "same cell": _mean(same),
        "same row": _mean(rows),
        "least same row": min(rows, default=UNKNOWN),
        "same column": _mean(cols),
        "least same column": min(cols, default=UNKNOWN),
    }


def _margin(choice: Choice) -> float:
    """To the best other reading with another number of rows or columns."""
    own, *others = choice.scores
    shape = choice.grid.rows, choice.grid.cols
    rivals = [
        worth for worth, other in zip(others, choice.others, strict=True) if (other.rows, other.cols) != shape
    ]
    return max(-_FAR, min(_FAR, own - max(rivals))) if rivals else UNKNOWN


def _alike(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else UNKNOWN


def _members(keys: Sequence[_Key]) -> dict[_Key, frozenset[int]]:
    found: dict[_Key, set[int]] = {}
    for index, key in enumerate(keys):
        found.setdefault(key, set()).add(index)
    return {key: frozenset(members) for key, members in found.items()}
