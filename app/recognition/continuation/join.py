"""Joins what several pages hold of one table; the parts are kept, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.recognition.continuation.cut_rows import completed, continues_row
from app.recognition.continuation.same_table import Link, Sighting, link
from app.recognition.engine import FoundTable, Part, Recognition
from app.tables.grid import Cell, Table


@dataclass(slots=True)
class _Piece:
    """The rows of one page's table that count in the whole one."""

    found: FoundTable
    start: int
    end: int
    cut: bool = False
    """Whether its first row is the rest of the row before."""

    def cells(self) -> list[Cell]:
        return [cell for cell in self.found.table.cells if self.start <= cell.row < self.end]


@dataclass(slots=True)
class _Growing:
    """A table as far as the pages have been looked at."""

    first: Sighting
    last: Sighting
    pieces: list[_Piece]


def join_continued(recognition: Recognition) -> Recognition:
    """The same tables, those that continue on the next page as one, with a warning for each of them.

    The time is linear in the number of cells.
    """
    grown: list[_Growing] = []
    open_: _Growing | None = None
    """The table at the end of the page before."""
    for _, tables in groupby(recognition.tables, key=lambda found: found.page):
        page = list(tables)
        top, bottom = _at_edge(page, lowest=False), _at_edge(page, lowest=True)
        before, open_ = open_, None
        for found in page:
            continued = before if found is top and before is not None and _grow(before, found) else None
            table = continued or _begun(found)
            grown += [] if continued else [table]
            open_ = table if found is bottom else open_
    joined = tuple(_whole(table.pieces) for table in grown)
    told = tuple(_sentence(found) for found in joined if found.parts)
    return replace(recognition, tables=joined, warnings=(*recognition.warnings, *told))


def _begun(found: FoundTable) -> _Growing:
    sighting = Sighting.of(found)
    return _Growing(sighting, sighting, [_Piece(found, 0, found.table.rows)])


def _at_edge(page: Sequence[FoundTable], *, lowest: bool) -> FoundTable | None:
    """The table at the top or bottom of its page; None where another one stands beside it."""
    if any(found.box is None for found in page):
        return page[-1] if lowest else page[0]
    sides = [
        (-found.box.y1, -found.box.y0) if lowest else (found.box.y0, found.box.y1)
        for found in page
        if found.box is not None
    ]
    nearest = min(range(len(sides)), key=lambda i: sides[i][0])
    alone = all(side[0] >= sides[nearest][1] for i, side in enumerate(sides) if i != nearest)
    return page[nearest] if alone else None


def _grow(table: _Growing, found: FoundTable) -> bool:
    """Adds the table of the next page; False where it is another one."""
    if found.page != table.last.found.page + 1 or found.surroundings is None:
        return False
    following = Sighting.of(found)
    how = link(table.first, table.last, following)
    if how is None:
        return False
    piece = table.pieces[-1]
    piece.end = how.end
    table.pieces.append(
        _Piece(found, how.start, found.table.rows, cut=_is_row_cut(table.last, piece, following, how))
    )
    table.last = following
    return True


def _is_row_cut(last: Sighting, piece: _Piece, following: Sighting, how: Link) -> bool:
    begin = max(piece.start, 0 if piece.start else last.found.table.header_rows)
    rows = following.rows
    return continues_row(last.rows[begin : piece.end], rows[how.start], rows[how.start + 1 :])


def _whole(pieces: Sequence[_Piece]) -> FoundTable:
    if len(pieces) == 1:
        return pieces[0].found
    first = pieces[0].found
    cells: list[Cell] = []
    parts: list[Part] = []
    rows = 0
    for piece in pieces:
        begin = rows - piece.cut
        new = [replace(cell, row=cell.row - piece.start + begin) for cell in piece.cells()]
        if piece.cut:
            cols = first.table.cols
            cells[-cols:] = completed(cells[-cols:], new[:cols])
            new = new[cols:]
        cells += new
        rows = begin + piece.end - piece.start
        parts.append(Part(begin, rows - begin, piece.found.page, piece.found.table, piece.found.box))
    table = Table(
        rows,
        first.table.cols,
        tuple(cells),
        first.table.header_rows,
        first.table.title,
        tuple(_notes(pieces)),
    )
    return replace(first, table=table, parts=tuple(parts))


def _notes(pieces: Sequence[_Piece]) -> Iterator[str]:
    """Every note once."""
    yield from dict.fromkeys(note for piece in pieces for note in piece.found.table.notes)


def _sentence(found: FoundTable) -> str:
    first, last = found.parts[0].page, found.parts[-1].page
    return (
        f"The table on pages {first}–{last} goes on from page to page and was joined into one of "
        f"{found.table.rows} rows; `join_continued=false` keeps the parts apart."
    )
