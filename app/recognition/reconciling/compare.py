"""An answer's table beside what was seen: which cell is shown by which pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.recognition.reconciling.cells import Match, match_cells
from app.recognition.reconciling.columns import column_map
from app.recognition.reconciling.rows import RowPair, bag, pair_rows
from app.recognition.reconciling.seen import Seen, SeenRow
from app.recognition.reconciling.texts import Agreement
from app.tables.grid import Cell, Table

_Piece = TypeVar("_Piece", Cell, Seen)


@dataclass(slots=True)
class Comparison:
    """A table of the answer and what of the page belongs to it."""

    table: Table
    said_rows: Sequence[Sequence[Cell]]
    """The cells with text, by the row in which they begin."""
    seen_rows: Sequence[SeenRow]
    pairs: Sequence[RowPair]
    columns: Mapping[int, int]
    """Column of the answer → column of the local table."""
    matches: dict[Cell, Match] = field(default_factory=dict[Cell, Match])
    used: set[Seen] = field(default_factory=set[Seen])
    """Pieces whose text stands in the answer."""

    def take(self, matches: Iterable[Match]) -> None:
        """These are the matches of their cells."""
        for match in matches:
            self.matches.update(dict.fromkeys(match.said, match))
            if match.agreement is not Agreement.OTHER:
                self.used.update(match.seen)

    def lacks(self, cell: Cell) -> bool:
        """Whether nothing that was seen agrees with the cell so far."""
        match = self.matches.get(cell)
        return match is None or match.agreement is Agreement.OTHER


def row_by_row(table: Table, seen_rows: Sequence[SeenRow]) -> Comparison:
    """The rows of both sides aligned, then the cells of each row."""
    said_rows: list[list[Cell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        if cell.text:
            said_rows[cell.row].append(cell)
    pairs = pair_rows(
        [bag(cell.text for cell in row) for row in said_rows],
        [bag(piece.text for piece in row) for row in seen_rows],
    )
    groups = [(_gathered(said_rows, pair.said), _gathered(seen_rows, pair.seen)) for pair in pairs]
    columns = column_map(match for said, seen in groups for match in match_cells(said, seen, {}))
    comparison = Comparison(table, said_rows, seen_rows, pairs, columns)
    for said, seen in groups:
        comparison.take(match_cells(said, seen, columns))
    return comparison


def _gathered(rows: Sequence[Sequence[_Piece]], which: range) -> list[_Piece]:
    """The pieces of joined rows, column by column."""
    pieces = [piece for row in which for piece in rows[row]]
    return pieces if len(which) == 1 else sorted(pieces, key=lambda piece: (piece.col, piece.row))
