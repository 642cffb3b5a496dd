"""Cells that agree with nothing at their place: their text is looked for around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.recognition.reconciling.cells import Match, match_of
from app.recognition.reconciling.compare import Comparison
from app.recognition.reconciling.rows import RowPair
from app.recognition.reconciling.seen import Seen
from app.recognition.reconciling.texts import Agreement, agreement, essence, has_digit, key, says_something
from app.tables.grid import Cell

_NEAR = 2
"""A text may have been seen so many rows off: what stands beside several rows, or was split."""


@dataclass(frozen=True, slots=True)
class _Around:
    """Where a cell's text may stand: some rows of the local table, and what is beside them."""

    rows: range
    top: float
    bottom: float

    def has(self, piece: Seen) -> bool:
        if piece.row >= 0:
            return piece.row in self.rows
        return piece.box is not None and self.top <= piece.box.center[1] <= self.bottom


def look_elsewhere(comparison: Comparison, loose: Sequence[Seen]) -> None:
    """First what the row's pieces say when they are cut otherwise, then the rows near by and ``loose``, the
    words outside of local tables. A number is looked for in its own column alone."""
    seen_at = {row: pair for pair in comparison.pairs for row in pair.said}
    pieces = [*(piece for row in comparison.seen_rows for piece in row), *loose]
    index = _by_essence(pieces)
    starts = {key(token) for piece in pieces for token in piece.text.split()}
    for pair in comparison.pairs:
        own = [piece for row in pair.seen for piece in comparison.seen_rows[row]]
        _cut_otherwise(comparison, [c for row in pair.said for c in comparison.said_rows[row]], own)
    for row, said in enumerate(comparison.said_rows):
        around = _around(comparison, seen_at.get(row))
        for cell in said:
            if comparison.lacks(cell) and says_something(cell.text):
                whole = _allowed(comparison, cell, index.get(essence(cell.text), ()), around)
                whole = [p for p in whole if agreement(cell.text, p.readings) is Agreement.SAME]
                if whole:
                    comparison.take([match_of((cell,), (min(whole, key=lambda p: abs(p.col - cell.col)),))])
                elif _may_begin(key(cell.text), starts):
                    _cut_otherwise(comparison, [cell], _allowed(comparison, cell, pieces, around))


def _by_essence(pieces: Iterable[Seen]) -> Mapping[str, Sequence[Seen]]:
    found: dict[str, list[Seen]] = {}
    for piece in pieces:
        for reading in {essence(reading) for reading in piece.readings}:
            found.setdefault(reading, []).append(piece)
    return found


def _may_begin(wanted: str, starts: set[str]) -> bool:
    return any(wanted[:end] in starts for end in range(1, len(wanted) + 1))


def _around(comparison: Comparison, pair: RowPair | None) -> _Around | None:
    """None: anywhere, since the row stands nowhere."""
    if pair is None:
        return None
    rows = range(max(0, pair.seen.start - _NEAR), pair.seen.stop + _NEAR)
    boxes = [p.box for row in comparison.seen_rows[rows.start : rows.stop] for p in row if p.box is not None]
    top, bottom = min((box.y0 for box in boxes), default=0.0), max((box.y1 for box in boxes), default=0.0)
    return _Around(rows, top, bottom)


def _allowed(
    comparison: Comparison, cell: Cell, pieces: Iterable[Seen], around: _Around | None
) -> list[Seen]:
    """Those that no other cell has, near enough, and in the cell's column if it is a number."""
    col = comparison.columns.get(cell.col) if has_digit(cell.text) else None
    return [
        piece
        for piece in pieces
        if piece not in comparison.used
        and (around is None or around.has(piece))
        and (col is None or piece.col in (-1, col))
    ]


def _cut_otherwise(comparison: Comparison, said: Iterable[Cell], pieces: Iterable[Seen]) -> None:
    """Cells whose whole text stands in neighbouring words of pieces that no other cell has."""
    tokens = [
        (token, piece) for piece in pieces if piece not in comparison.used for token in piece.text.split()
    ]
    for cell in said:
        if not comparison.lacks(cell):
            continue
        allowed = set(_allowed(comparison, cell, {piece for _, piece in tokens}, None))
        open_ = [(i, token, piece) for i, (token, piece) in enumerate(tokens) if piece in allowed]
        if run := _run(cell.text, [(token, piece) for _, token, piece in open_]):
            taken = {i for i, _, _ in open_[run.start : run.stop]}
            shown = tuple(dict.fromkeys(piece for i, (_, piece) in enumerate(tokens) if i in taken))
            tokens = [each for i, each in enumerate(tokens) if i not in taken]
            comparison.matches[cell] = Match((cell,), shown, Agreement.SAME)
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
