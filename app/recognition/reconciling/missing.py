"""What was seen and stands nowhere in the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.recognition.reconciling.compare import Comparison
from app.recognition.reconciling.judge import MISSING
from app.recognition.reconciling.seen import Seen, SeenRow
from app.recognition.reconciling.texts import key, says_something
from app.tables.grid import Cell, Verdict


@dataclass(frozen=True, slots=True)
class Restored:
    """A table with what it lacked."""

    cells: tuple[Cell, ...]
    rows: int
    header_rows: int
    restored: tuple[tuple[str, ...], ...] = ()
    """The texts of each row that was put in."""
    reported: tuple[str, ...] = ()
    """Texts that have no certain place."""


def with_missing(comparison: Comparison, cells: Sequence[Cell], known: frozenset[str]) -> Restored:
    """The judged cells and what was seen besides. ``known``: pieces' keys that the answer has elsewhere."""
    cells, reported = _filled_in(comparison, list(cells), known)
    state = Restored(tuple(cells), comparison.table.rows, comparison.table.header_rows, (), tuple(reported))
    for after, row in reversed(list(_lost_rows(comparison, known))):
        state = _with_row(comparison, state, after, row)
    return state


def _open(comparison: Comparison, row: SeenRow, known: frozenset[str]) -> list[Seen]:
    return [
        piece
        for piece in row
        if piece not in comparison.used and says_something(piece.text) and key(piece.text) not in known
    ]


def _filled_in(
    comparison: Comparison, cells: list[Cell], known: frozenset[str]
) -> tuple[list[Cell], list[str]]:
    """Empty cells of paired rows where a text was seen that stands nowhere."""
    home = {local: own for own, local in comparison.columns.items()}
    matched = {piece for match in comparison.matches.values() for piece in match.seen}
    reported: list[str] = []
    for pair in comparison.pairs:
        if len(pair.said) != 1:
            continue
        for row in pair.seen:
            for piece in _open(comparison, comparison.seen_rows[row], known):
                if piece in matched:
                    continue
                at = next(
                    (
                        i
                        for i, cell in enumerate(cells)
                        if (cell.row, cell.col) == (pair.said.start, home.get(piece.col, -1))
                        and not cell.text
                    ),
                    None,
                )
                if at is None or piece.col_span > 1:
                    reported.append(piece.text)
                else:
                    cells[at] = _seen_cell(piece, cells[at].row, cells[at].col)
    return cells, reported


def _lost_rows(comparison: Comparison, known: frozenset[str]) -> Iterator[tuple[int, SeenRow]]:
    """Row of the answer after which it belongs, and the row, top to bottom."""
    paired = {row: pair.said.stop for pair in comparison.pairs for row in pair.seen}
    after = 0
    for index, row in enumerate(comparison.seen_rows):
        if index in paired:
            after = paired[index]
        elif row and 2 * len(_open(comparison, row, known)) > len([p for p in row if says_something(p.text)]):
            yield after, row


def _with_row(comparison: Comparison, state: Restored, after: int, row: SeenRow) -> Restored:
    """The table with the row at place ``after``, or the row reported."""
    home = {local: own for own, local in comparison.columns.items()}
    cols = [home.get(piece.col) for piece in row]
    crossing = [cell for cell in state.cells if cell.row < after < cell.row + cell.row_span]
    taken = {col for cell in crossing for col in range(cell.col, cell.col + cell.col_span)}
    placed = [col for col in cols if col is not None and col not in taken]
    spans = any(piece.col_span > 1 for piece in row)
    if len(placed) < len(row) or len(set(placed)) < len(placed) or spans or row[0].row < 0:
        return replace(state, reported=(*state.reported, " | ".join(piece.text for piece in row)))
    lower = [
        replace(cell, row_span=cell.row_span + 1)
        if cell in crossing
        else replace(cell, row=cell.row + (cell.row >= after))
        for cell in state.cells
    ]
    new = [_seen_cell(piece, after, col) for piece, col in zip(row, placed, strict=True)]
    blank = [
        Cell(after, col) for col in range(comparison.table.cols) if col not in taken and col not in placed
    ]
    return Restored(
        tuple(lower + new + blank),
        state.rows + 1,
        state.header_rows + (after < state.header_rows),
        (tuple(piece.text for piece in row), *state.restored),
        state.reported,
    )


def _seen_cell(piece: Seen, row: int, col: int) -> Cell:
    return Cell(
        row,
        col,
        piece.text,
        box=piece.box,
        confidence=min(MISSING, piece.confidence),
        verdict=Verdict.MISSING,
    )
