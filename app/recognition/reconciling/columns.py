"""Which column of the answer is which of the local table, and cells that belong into another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from app.recognition.reconciling.cells import Columns, Match
from app.recognition.reconciling.texts import Agreement
from app.tables.grid import Cell


def column_map(matches: Iterable[Match]) -> dict[int, int]:
    """Answer's column → local column, rising: the map that most matches of single cells vote for."""
    votes = Counter(
        (match.said[0].col, match.seen[0].col)
        for match in matches
        if len(match.said) == len(match.seen) == 1
        and match.said[0].col_span == match.seen[0].col_span == 1
        and match.seen[0].col >= 0
        and match.agreement is not Agreement.OTHER
    )
    chains: dict[tuple[int, int], tuple[int, tuple[int, int] | None]] = {}
    for place in sorted(votes):
        before = [(chains[p][0], p) for p in chains if p[0] < place[0] and p[1] < place[1]]
        count, previous = max(before, default=(0, None))
        chains[place] = (count + votes[place], previous)
    at = max(chains, key=lambda place: chains[place][0], default=None)
    found: dict[int, int] = {}
    while at is not None:
        found[at[0]] = at[1]
        at = chains[at][1]
    return found


def moves(row: Sequence[Cell], matches: Sequence[Match], columns: Columns) -> dict[Cell, int]:
    """Cell → its right column, where empty cells of the answer's row collapsed: from some cell on all stand
    too far left, and as many columns at the row's end are empty.

    ``row``: all cells of the answer's row. Nothing is moved where one of them spans, or where that isn't
    certain.
    """
    if any(cell.row_span > 1 or cell.col_span > 1 for cell in row):
        return {}
    home = {local: own for own, local in columns.items()}
    wanted: dict[Cell, int] = {}
    for match in matches:
        places = {(piece.col, piece.col_span) for piece in match.seen}
        if len(match.said) == len(places) == 1 and match.agreement is not Agreement.OTHER:
            ((col, span),) = places
            if span == 1 and col in home:
                wanted[match.said[0]] = home[col]
    return _collapsed([cell for cell in row if cell.text], wanted, len(row))


def _collapsed(filled: Sequence[Cell], wanted: dict[Cell, int], width: int) -> dict[Cell, int]:
    shifted = [i for i, cell in enumerate(filled) if wanted.get(cell, cell.col) != cell.col]
    if not shifted:
        return {}
    tail = filled[shifted[0] :]
    targets = [wanted.get(cell) for cell in tail]
    known = [target for target in targets if target is not None]
    to_left = all(target is None or target > cell.col for cell, target in zip(tail, targets, strict=True))
    rising = known == sorted(set(known)) and known[-1] < width
    free = width - 1 - filled[-1].col
    if not to_left or not rising or free < 1 or len(known) < len(tail):
        return {}
    return dict(zip(tail, known, strict=True))
