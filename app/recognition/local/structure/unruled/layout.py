"""Where texts stand on a grid: the pieces of its rows and what its columns and rows usually look like."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from app.recognition.local.evidence import GridHypothesis, Word
from app.recognition.local.structure.unruled.columns import columns_of
from app.recognition.local.structure.unruled.drawn import Drawn
from app.recognition.local.structure.unruled.lines import tokens_of
from app.tables.geometry import Box

_REACH = 0.4
"""A token lies in a column that it reaches into by more, in character heights."""
_OVERFLOW = 0.12
"""And by more than this share of its width: a full cell's text may touch the next column."""
FAR = 2.0
"""Texts with a wider gap between them, in character heights, are two."""
_RULED = 0.5
"""Where more than this share of the row boundaries is ruled, rulings do not tell the header."""
_MOST_HEADER = 4
_RAREST, _COMMONEST = -1.5, -0.2
"""Log odds of an empty cell."""
_STRADDLES = 0.3
"""A row boundary this deep inside a word, in its heights, says that the word stands in both rows."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring tokens of one row that share columns."""

    row: int
    """The one that holds its middle."""
    cols: tuple[int, int]
    """First and last column that it reaches into."""
    box: Box
    text: str
    begins: bool
    """False for the rest of a word whose beginning stands further left."""
    between: bool
    """True for a text that stands between two rows."""


@dataclass(frozen=True, slots=True)
class Band:
    """Where the texts of one column stand across the page, or of one row down it."""

    low: float
    high: float
    starts: float
    """Their median start."""
    ends: float
    centers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The texts on a grid."""

    rows: tuple[tuple[Piece, ...], ...]
    """The pieces of each row, left to right."""
    columns: tuple[Band, ...]
    """From the texts in one column below the header, if there are any."""
    lines: tuple[Band, ...]
    """For each row."""
    header: int
    """Rows above the first ruling through the table, else above the first number beside the first column."""
    empties: tuple[float, ...]
    """For each column the log odds of an empty cell in a row below the header."""
    height: float
    """The character height."""


def layout_of(grid: GridHypothesis, words: Sequence[Word], drawn: Drawn, height: float) -> Layout:
    """The words on the grid. ``height``: character height."""
    rows: list[list[Piece]] = [[] for _ in range(grid.rows)]
    for word in sorted(words, key=lambda word: word.box.x0):
        y = word.box.center[1]
        row = columns_of(y, y, grid.row_bounds, 0)[0]
        for piece in _pieces(word, row, grid, height):
            _add(rows[row], piece, height)
    header = _ruled_off(drawn) or _header_rows(rows)
    return Layout(
        tuple(tuple(row) for row in rows),
        tuple(_column(rows, col, header, grid) for col in range(grid.cols)),
        tuple(_line(row, index, grid) for index, row in enumerate(rows)),
        header,
        _empties(rows[header:], grid.cols),
        height,
    )


def _empties(body: Sequence[Sequence[Piece]], cols: int) -> tuple[float, ...]:
    """By each column's share of empty cells in rows of several texts, one of them not counted."""
    rows = [row for row in body if len(row) > 1]
    filled = [sum(any(p.cols[0] <= col <= p.cols[1] for p in row) for row in rows) for col in range(cols)]
    shares = [(max(0, len(rows) - count - 1) + 0.5) / (max(0, len(rows) - 1) + 1) for count in filled]
    return tuple(max(_RAREST, min(_COMMONEST, math.log(share))) for share in shares)


def _pieces(word: Word, row: int, grid: GridHypothesis, height: float) -> Iterable[Piece]:
    for index, token in enumerate(tokens_of(word)):
        reach = max(_REACH * height, _OVERFLOW * (token.x1 - token.x0))
        cols = columns_of(token.x0, token.x1, grid.col_bounds, reach)
        box = Box(token.x0, word.box.y0, max(token.x1, token.x0), word.box.y1)
        between = _straddles(box, grid.row_bounds[row], grid.row_bounds[row + 1])
        yield Piece(row, cols, box, token.text, index == 0, between)


def _add(row: list[Piece], piece: Piece, height: float) -> None:
    """Into the row, joined with the pieces that share a column with it; not where one stands far from it and
    only leans over: a column name may be wider than its column."""
    while row and row[-1].cols[1] >= piece.cols[0]:
        last = row.pop()
        first, end = last.cols[0], piece.cols[1]
        if last.cols[1] == piece.cols[0] and first < end and piece.box.x0 - last.box.x1 > FAR * height:
            shared = piece.cols[0]
            alone = first == shared
            row.append(replace(last, cols=(first, shared if alone else shared - 1)))
            piece = replace(piece, cols=(shared + alone, end))
            break
        piece = joined(last, piece)
    row.append(piece)


def joined(left: Piece, right: Piece) -> Piece:
    """Both as one."""
    return Piece(
        left.row,
        (min(left.cols[0], right.cols[0]), max(left.cols[1], right.cols[1])),
        left.box.union(right.box),
        f"{left.text} {right.text}",
        left.begins,
        left.between or right.between,
    )


def _ruled_off(drawn: Drawn) -> int:
    """Rows above the first ruling through the table, where rulings part the header from the body; else 0."""
    through = [row for row, parts in enumerate(drawn.below) if parts.all()]
    if not through or through[0] >= _MOST_HEADER or len(through) > _RULED * len(drawn.below):
        return 0
    return through[0] + 1


def _header_rows(rows: Sequence[Sequence[Piece]]) -> int:
    for index, row in enumerate(rows):
        for piece in row:
            year = piece.text.strip().isdigit() and len(piece.text.strip()) == 4
            digits = sum(character.isdigit() for character in piece.text)
            if piece.cols[0] > 0 and not year and digits * 2 > len(piece.text):
                return index
    return 1 if any(rows) else 0


def _column(rows: Sequence[Sequence[Piece]], col: int, header: int, grid: GridHypothesis) -> Band:
    own = [[p.box for p in row if p.cols == (col, col)] for row in rows]
    every = [box for row in own for box in row]
    boxes = [box for row in own[header:] for box in row] or every
    if not boxes:
        low, high = grid.col_bounds[col], grid.col_bounds[col + 1]
        return Band(low, high, low, high, ((low + high) / 2,))
    return Band(
        min(box.x0 for box in every),
        max(box.x1 for box in every),
        median(box.x0 for box in boxes),
        median(box.x1 for box in boxes),
        (median(box.center[0] for box in boxes),),
    )


def _line(row: Sequence[Piece], index: int, grid: GridHypothesis) -> Band:
    low, high = grid.row_bounds[index], grid.row_bounds[index + 1]
    boxes = [piece.box for piece in row if not piece.between]
    if not boxes:
        return Band(low, high, low, high, ((low + high) / 2,))
    low, high = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    return Band(low, high, low, high, tuple(box.center[1] for box in boxes))


def _straddles(box: Box, low: float, high: float) -> bool:
    slack = _STRADDLES * box.height
    return box.y0 < low - slack or box.y1 > high + slack
