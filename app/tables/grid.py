"""Cells and tables that cannot be constructed wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from app.tables.geometry import Box


class Verdict(StrEnum):
    """What the comparison of two engines says about a cell's text."""

    AGREED = "agreed"
    """Both read it so, at this place."""
    DIFFERING = "differing"
    """The other engine read something else there, the first of the alternatives."""
    UNSUPPORTED = "unsupported"
    """The other engine saw no such text anywhere near."""
    MISSING = "missing"
    """The answer lacks it; it stands as the other engine read it."""
    MOVED = "moved"
    """Both read it so; the answer had it in another column of its row."""

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody should look."""
        return self is not Verdict.AGREED


class Align(StrEnum):
    """How a text stands in its column."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell stands out from the others of its table."""

    bold: bool = False
    fill: str | None = None
    """#RRGGBB of the ground, as it would be on white paper; None: the table's paper."""

    def __post_init__(self) -> None:
        if self.fill is not None and not re.fullmatch("#[0-9A-F]{6}", self.fill):
            raise ValueError(f"{self.fill!r} is no colour such as #1F4E79")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; it may span several rows and columns."""

    row: int
    col: int
    text: str = ""
    row_span: int = 1
    col_span: int = 1
    box: Box | None = None
    """Pixels of the source image's page, origin top left; None: the engine gave no place."""
    confidence: float | None = None
    """0..1, calibrated; None: the engine gave none."""
    raw_text: str | None = None
    """What was read before characters were repaired; None: the text stands as it was read."""
    alternatives: tuple[str, ...] = ()
    """Other likely readings of the whole text, likeliest first."""
    verdict: Verdict | None = None
    """None: nobody compared."""
    align: Align | None = None
    """How the text stands in its column in the image; None: the engine does not tell."""
    indent: int = 0
    """How deep a label is indented among those of the first column; 0: not, or the engine does not tell."""
    look: Look | None = None
    """How the cell stands out in the image; None: it does not, or the engine does not tell."""

    def __post_init__(self) -> None:
        if min(self.row, self.col, self.indent) < 0 or self.row_span < 1 or self.col_span < 1:
            raise ValueError(f"cell has an impossible place: {self}")
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence lies outside 0..1: {self}")

    def positions(self) -> Iterator[tuple[int, int]]:
        """Every (row, column) that the cell covers."""
        for row in range(self.row, self.row + self.row_span):
            for col in range(self.col, self.col + self.col_span):
                yield row, col


@dataclass(frozen=True, slots=True)
class Table:
    """A grid tiled by cells: every position belongs to exactly one cell.

    Cells stand in reading order. Raises ValueError where they overlap, leave a hole or reach outside.
    """

    rows: int
    cols: int
    cells: tuple[Cell, ...] = field(repr=False)
    header_rows: int = 0
    """Rows at the top that name the columns, 0..rows."""
    title: str = ""
    """The caption, where one was found outside the grid."""
    notes: tuple[str, ...] = ()
    """Footnotes and sources found outside the grid, top to bottom."""

    def __post_init__(self) -> None:
        if self.rows < 1 or self.cols < 1:
            raise ValueError(f"a table has at least one row and one column, not {self.rows}×{self.cols}")
        if not 0 <= self.header_rows <= self.rows:
            raise ValueError(f"{self.header_rows} header rows in a table of {self.rows} rows")
        _check_tiling(self.rows, self.cols, self.cells)
        ordered = tuple(sorted(self.cells, key=lambda cell: (cell.row, cell.col)))
        object.__setattr__(self, "cells", ordered)

    @classmethod
    def from_cells(
        cls,
        cells: Iterable[Cell],
        *,
        rows: int = 0,
        cols: int = 0,
        header_rows: int = 0,
        title: str = "",
        notes: tuple[str, ...] = (),
    ) -> Table:
        """The table of these cells, holes filled with empty ones; at least ``rows`` × ``cols`` large."""
        given = list(cells)
        rows = max([rows, *(cell.row + cell.row_span for cell in given)])
        cols = max([cols, *(cell.col + cell.col_span for cell in given)])
        taken = {position for cell in given for position in cell.positions()}
        holes = [Cell(row, col) for row in range(rows) for col in range(cols) if (row, col) not in taken]
        return cls(rows, cols, tuple(given + holes), header_rows, title, notes)

    def at(self, row: int, col: int) -> Cell:
        """The cell that covers the position; IndexError outside the grid."""
        for cell in self.cells:
            if cell.row <= row < cell.row + cell.row_span and cell.col <= col < cell.col + cell.col_span:
                return cell
        raise IndexError(f"({row}, {col}) lies outside a table of {self.rows}×{self.cols}")

    def dense(self) -> list[list[Cell]]:
        """The covering cell of every position, row by row."""
        grid: dict[tuple[int, int], Cell] = {
            position: cell for cell in self.cells for position in cell.positions()
        }
        return [[grid[row, col] for col in range(self.cols)] for row in range(self.rows)]


def _check_tiling(rows: int, cols: int, cells: tuple[Cell, ...]) -> None:
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        if cell.row + cell.row_span > rows or cell.col + cell.col_span > cols:
            raise ValueError(f"{cell} reaches outside a table of {rows}×{cols}")
        for position in cell.positions():
            if position in taken:
                raise ValueError(f"two cells cover {position}")
            taken.add(position)
    if len(taken) != rows * cols:
        raise ValueError(f"{rows * cols - len(taken)} positions of {rows}×{cols} have no cell")
