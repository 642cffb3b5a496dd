"""An answer's table beside what was seen: which cell is shown by which pieces."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.recognition.reconciling.cells import Match, match_cells, match_of
from app.recognition.reconciling.columns import column_map
from app.recognition.reconciling.rows import RowPair, bag, pair_rows
from app.recognition.reconciling.seen import Seen, SeenRow
from app.recognition.reconciling.texts import Agreement, agreement, has_digit, key, says_something
from app.tables.grid import Cell, Table

_NEAR = 2
"""A text may have been seen so many rows off: what stands beside several rows, or was split."""
_Piece = TypeVar("_Piece", Cell, Seen)


@dataclass(slots=True)
class Comparison:
    """A table of the answer and what of the page belongs to it."""

    table: Table
    seen_rows: Sequence[SeenRow]
    """In columns of a grid, where a local table was found."""
    pairs: list[RowPair] = field(default_factory=list[RowPair])
    columns: Mapping[int, int] = field(default_factory=dict[int, int])
    matches: dict[Cell, Match] = field(default_factory=dict[Cell, Match])
    used: set[Seen] = field(default_factory=set[Seen])
    """Pieces whose text stands in the answer."""

    def matches_of(self, row: int) -> list[Match]:
        """Those of the cells that begin in a row of the answer."""
        return list(dict.fromkeys(match for cell, match in self.matches.items() if cell.row == row))


def compare(table: Table, seen_rows: Sequence[SeenRow], loose: Sequence[Seen]) -> Comparison:
    """``loose``: pieces outside of local tables."""
    said_rows = [[c for c in table.cells if c.row == row and c.text] for row in range(table.rows)]
    pairs = pair_rows(
        [bag(cell.text for cell in row) for row in said_rows],
        [bag(piece.text for piece in row) for row in seen_rows],
    )
    groups = [(_gathered(said_rows, pair.said), _gathered(seen_rows, pair.seen)) for pair in pairs]
    first = [match for said, seen in groups for match in match_cells(said, seen, {})]
    comparison = Comparison(table, seen_rows, pairs, column_map(first))
    for said, seen in groups:
        _take(comparison, match_cells(said, seen, comparison.columns))
        _rescue(comparison, said, [piece for piece in seen if _is_open(comparison, piece)])
    _look_around(comparison, said_rows, loose)
    return comparison


def _gathered(rows: Sequence[Sequence[_Piece]], which: range) -> list[_Piece]:
    """The pieces of joined rows, column by column."""
    pieces = [piece for row in which for piece in rows[row]]
    return pieces if len(which) == 1 else sorted(pieces, key=lambda piece: (piece.col, piece.row))


def _take(comparison: Comparison, matches: Iterable[Match]) -> None:
    for match in matches:
        comparison.matches.update(dict.fromkeys(match.said, match))
        if match.agreement is not Agreement.OTHER:
            comparison.used.update(match.seen)


def _is_open(comparison: Comparison, piece: Seen) -> bool:
    return piece not in comparison.used


def _lacks(comparison: Comparison, cell: Cell) -> bool:
    """Whether nothing that was seen agrees with the cell so far."""
    match = comparison.matches.get(cell)
    return match is None or match.agreement is Agreement.OTHER


def _rescue(comparison: Comparison, said: Iterable[Cell], pieces: Sequence[Seen]) -> None:
    """Cells whose text stands in the pieces nobody used, however those cut it."""
    tokens = [(token, piece) for piece in pieces for token in piece.text.split()]
    for cell in said:
        if _lacks(comparison, cell) and (run := _run(cell.text, tokens)):
            shown = tuple(dict.fromkeys(piece for _, piece in tokens[run.start : run.stop]))
            comparison.matches[cell] = Match((cell,), shown, Agreement.SAME)
            del tokens[run.start : run.stop]
            left = {piece for _, piece in tokens}
            comparison.used.update(piece for piece in shown if piece not in left)


def _run(text: str, tokens: Sequence[tuple[str, Seen]]) -> range | None:
    """Neighbouring tokens that together say the text."""
    wanted = key(text)
    for start in range(len(tokens)):
        so_far = ""
        for stop in range(start + 1, len(tokens) + 1):
            so_far += key(tokens[stop - 1][0])
            if so_far == wanted:
                return range(start, stop)
            if not wanted.startswith(so_far):
                break
    return None


def _look_around(comparison: Comparison, said_rows: Sequence[Sequence[Cell]], loose: Sequence[Seen]) -> None:
    """Cells that agree with nothing in their row: near rows, then words outside of tables."""
    seen_at = {row: pair.seen for pair in comparison.pairs for row in pair.said}
    for row, said in enumerate(said_rows):
        near = seen_at.get(row)
        rows = comparison.seen_rows
        if near is not None:
            rows = rows[max(0, near.start - _NEAR) : near.stop + _NEAR]
        beside = _beside(rows, loose) if near is not None else loose
        for cell in said:
            if _lacks(comparison, cell) and says_something(cell.text):
                pieces = [
                    piece
                    for piece in (*itertools.chain(*rows), *beside)
                    if _is_open(comparison, piece) and _may_be_at(comparison, cell, piece)
                ]
                _take(comparison, _found_alone(cell, pieces))
                _rescue(comparison, [cell], pieces)


def _may_be_at(comparison: Comparison, cell: Cell, piece: Seen) -> bool:
    """Whether the piece may stand in the cell's column; a text that is no number may be anywhere near."""
    col = comparison.columns.get(cell.col)
    return col is None or piece.col < 0 or piece.col == col or not has_digit(cell.text)


def _found_alone(cell: Cell, pieces: Sequence[Seen]) -> Iterator[Match]:
    same = [piece for piece in pieces if agreement(cell.text, piece.readings) is Agreement.SAME]
    if same:
        yield match_of((cell,), (min(same, key=lambda piece: abs(piece.col - cell.col)),))


def _beside(rows: Sequence[SeenRow], loose: Sequence[Seen]) -> list[Seen]:
    """The loose pieces as high on the page as the rows."""
    boxes = [piece.box for row in rows for piece in row if piece.box is not None]
    top, bottom = min((box.y0 for box in boxes), default=0), max((box.y1 for box in boxes), default=0)
    return [piece for piece in loose if piece.box and top <= piece.box.center[1] <= bottom]
