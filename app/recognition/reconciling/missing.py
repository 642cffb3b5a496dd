"""What was seen and stands nowhere in the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.recognition.reconciling.compare import Comparison
from app.recognition.reconciling.seen import Seen, SeenRow
from app.recognition.reconciling.texts import key, says_something
from app.recognition.reconciling.trust import Case, Trust
from app.tables.grid import Cell, Table, Verdict


@dataclass(frozen=True, slots=True)
class Completed:
    """A table with what it lacked."""

    table: Table
    restored: tuple[tuple[str, ...], ...] = ()
    """The texts of each row that was put in."""
    reported: tuple[str, ...] = ()
    """Texts that have no certain place in it."""


def completed(
    comparison: Comparison, cells: Sequence[Cell], known: frozenset[str], trust: Trust
) -> Completed:
    """The table of the judged cells with what was seen besides. ``known``: keys of what the answer says
    outside of its tables."""
    home = {local: own for own, local in comparison.columns.items()}
    lost = _Lost(comparison, known)
    done = Completed(replace(comparison.table, cells=tuple(cells)))
    for row, piece in lost.pieces():
        done = _with_piece(done, piece, row, home, trust)
    for after, row in reversed(lost.rows()):
        done = _with_row(done, after, row, home, trust)
    return done


@dataclass(frozen=True, slots=True)
class _Lost:
    """What of the local table stands nowhere in the answer."""

    comparison: Comparison
    known: frozenset[str]

    def rows(self) -> list[tuple[int, SeenRow]]:
        """Rows without a partner of which most is lost, each with the row before which it belongs."""
        paired = {row: pair.said.stop for pair in self.comparison.pairs for row in pair.seen}
        found: list[tuple[int, SeenRow]] = []
        before = 0
        for index, row in enumerate(self.comparison.seen_rows):
            before = paired.get(index, before)
            saying = [piece for piece in row if says_something(piece.text)]
            if index not in paired and 2 * sum(map(self._is_lost, saying)) > len(saying):
                found.append((before, row))
        return found

    def pieces(self) -> list[tuple[int, Seen]]:
        """Pieces that have no partner in the answer's row beside them."""
        shown = {piece for match in self.comparison.matches.values() for piece in match.seen}
        return [
            (pair.said.start, piece)
            for pair in self.comparison.pairs
            if len(pair.said) == 1
            for row in pair.seen
            for piece in self.comparison.seen_rows[row]
            if piece not in shown and self._is_lost(piece)
        ]

    def _is_lost(self, piece: Seen) -> bool:
        unused = piece not in self.comparison.used and key(piece.text) not in self.known
        return unused and says_something(piece.text)


def _with_piece(done: Completed, piece: Seen, row: int, home: Mapping[int, int], trust: Trust) -> Completed:
    """The piece in its cell, if that is empty."""
    place = (row, home.get(piece.col, -1))
    empty = {(cell.row, cell.col) for cell in done.table.cells if not cell.text}
    if piece.col_span > 1 or place not in empty:
        return replace(done, reported=(*done.reported, piece.text))
    cells = tuple(
        _seen_cell(piece, cell, trust) if (cell.row, cell.col) == place else cell for cell in done.table.cells
    )
    return replace(done, table=replace(done.table, cells=cells))


def _with_row(done: Completed, before: int, row: SeenRow, home: Mapping[int, int], trust: Trust) -> Completed:
    """The row put in, if each of its pieces has a column of its own there."""
    table = done.table
    crossing = [cell for cell in table.cells if cell.row < before < cell.row + cell.row_span]
    taken = {col for cell in crossing for col in range(cell.col, cell.col + cell.col_span)}
    cols = [home[piece.col] for piece in row if piece.col in home and piece.col_span == 1]
    if len({*cols} - taken) < len(row):
        return replace(done, reported=(*done.reported, " | ".join(piece.text for piece in row)))
    given = dict(zip(cols, row, strict=True))
    new = [
        _seen_cell(given[col], Cell(before, col), trust) if col in given else Cell(before, col)
        for col in range(table.cols)
        if col not in taken
    ]
    cells = [_moved_down(cell, before) for cell in table.cells]
    return Completed(
        replace(
            table,
            rows=table.rows + 1,
            cells=(*cells, *new),
            header_rows=table.header_rows + (before < table.header_rows),
        ),
        (tuple(piece.text for piece in row), *done.restored),
        done.reported,
    )


def _moved_down(cell: Cell, before: int) -> Cell:
    """The cell where there is one more row."""
    if cell.row >= before:
        return replace(cell, row=cell.row + 1)
    return replace(cell, row_span=cell.row_span + (cell.row + cell.row_span > before))


def _seen_cell(piece: Seen, cell: Cell, trust: Trust) -> Cell:
    sure = trust(Case.MISSING, piece.confidence)
    return replace(cell, text=piece.text, box=piece.box, confidence=sure, verdict=Verdict.MISSING)
