"""Cells over several columns: the most likely way to cut a row into cells, by dynamic programming.

Each cell holds one text at most. A text stands where its cell's alignment puts it; a cell over several
columns must be worth its price: its text stands where its columns are centered, rulings are interrupted
around it, a short ruling below it ends with it, or the row below has its children.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from app.recognition.local.structure.unruled.drawn import Drawn
from app.recognition.local.structure.unruled.layout import Layout, Piece, joined
from app.recognition.local.structure.unruled.placing import log_density
from app.tables.geometry import Box

_SPREAD = 0.3
"""Mean distance of a text from where its cell's alignment puts it, in character heights."""
_GAP, _STEEPNESS = 0.8, 3.0
"""A gap of so many character heights is as likely inside a text as between two; log odds for each further."""
_ONE_WORD, _ONE_PHRASE = 1.0, 2.5
"""Log odds that text recognition adds by reading two texts as one word, and two without a digit."""
_UNJOINED = -6.0
"""Log odds at which two texts are two cells for certain."""
_EMPTY_HEADER = -1.2
_MORE_EMPTY = 0.4
"""Of the price of an empty cell, for each other one beside it."""
_GROUP, _HEADER, _WHOLE, _PART, _SHORT = -0.7, -3.0, -1.2, -3.5, -6.0
"""Log odds of a cell over several columns: a header over children, one without, the row's only text over the
whole row, any other, and a text among others that would fit into one column."""
_CROSSES_RULING, _INTERRUPTS = -4.0, 2.5
_OVER_RULING, _OFF_RULING = 3.0, -2.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A cell of one row, its first and last column and its text; empty cells side by side are one stretch."""

    first: int
    last: int
    piece: Piece | None


class Across:
    """Cuts the rows of one layout."""

    def __init__(self, layout: Layout, drawn: Drawn) -> None:
        self._layout, self._drawn = layout, drawn
        self._cols = len(layout.columns)
        self._ruled = drawn.right.mean(axis=0) > 0.5

    def cells(self, row: int) -> list[Stretch]:
        """The cells of the row, left to right."""
        best: list[tuple[float, int, Piece | None]] = [(-math.inf, 0, None)] * (self._cols + 1)
        best[0] = (0.0, 0, None)
        for start in range(self._cols):
            for end, worth, text in self._from(row, start):
                total = best[start][0] + worth
                if total > best[end][0]:
                    best[end] = total, start, text
        found: list[Stretch] = []
        end = self._cols
        while end:
            _, start, text = best[end]
            found.append(Stretch(start, end - 1, text))
            end = start
        return found[::-1]

    def _from(self, row: int, start: int) -> Iterator[tuple[int, float, Piece | None]]:
        """Every cell that starts at a column: the column after it, its log odds, its text."""
        coming = [piece for piece in self._layout.rows[row] if piece.cols[1] >= start]
        if coming and coming[0].cols[0] < start:
            return
        text, joins = None, 0.0
        for end in range(start + 1, self._cols + 1):
            if coming and coming[0].cols[0] < end:
                piece = coming.pop(0)
                joins += self._join(text, piece) if text else 0.0
                text = joined(text, piece) if text else piece
            if joins < _UNJOINED:
                return
            if text is None:
                empties = sorted(self._empty(row, col) for col in range(start, end))
                yield end, empties[0] + _MORE_EMPTY * sum(empties[1:]), None
            elif text.cols[1] < end:
                yield end, joins + self._worth(row, start, end - 1, text), text

    def _join(self, left: Piece, right: Piece) -> float:
        gap = (right.box.x0 - left.box.x1) / self._layout.height
        is_phrase = not any(char.isdigit() for char in left.text + right.text)
        together = 0.0 if right.begins else _ONE_PHRASE if is_phrase else _ONE_WORD
        return min(1.0, _STEEPNESS * (_GAP - gap)) + together

    def _empty(self, row: int, col: int) -> float:
        if len(self._layout.rows[row]) < 2:
            return 0.0
        return _EMPTY_HEADER if row < self._layout.header else self._layout.empties[col]

    def _worth(self, row: int, first: int, last: int, text: Piece) -> float:
        if first == last:
            return self._in_column(text.box, first)
        return (
            self._over_columns(text.box, first, last)
            + self._price(row, first, last, text)
            + self._rulings(row, first, last)
        )

    def _in_column(self, box: Box, col: int) -> float:
        band, height = self._layout.columns[col], self._layout.height
        distances = (
            (0.2, box.x0 - band.starts),
            (0.2, box.x1 - band.ends),
            (0.2, box.center[0] - band.centers[0]),
            (0.2, box.center[0] - (band.low + band.high) / 2),
            (0.1, box.x0 - band.low),
            (0.1, box.x1 - band.high),
        )
        return log_density([(weight, d / height) for weight, d in distances], _SPREAD)

    def _over_columns(self, box: Box, first: int, last: int) -> float:
        columns, height = self._layout.columns, self._layout.height
        low, high = columns[first].low, columns[last].high
        distances = ((0.25, box.x0 - low), (0.05, box.x1 - high), (0.7, box.center[0] - (low + high) / 2))
        return log_density([(weight, d / height) for weight, d in distances], _SPREAD)

    def _price(self, row: int, first: int, last: int, text: Piece) -> float:
        layout = self._layout
        if len(layout.rows[row]) == 1 or text.box.width > 0.98 * sum(
            piece.box.width for piece in layout.rows[row]
        ):
            return _WHOLE if (first, last) == (0, self._cols - 1) else _PART
        if row >= layout.header:
            return _PART if text.cols[0] < text.cols[1] else _SHORT
        below = layout.rows[row + 1] if row + 1 < layout.header else ()
        children = {col for piece in below for col in range(piece.cols[0], piece.cols[1] + 1)}
        return _GROUP if first > 0 and children.issuperset(range(first, last + 1)) else _HEADER

    def _rulings(self, row: int, first: int, last: int) -> float:
        crossed = self._drawn.right[row, first:last]
        open_ = self._ruled[first:last] & ~crossed
        worth = _CROSSES_RULING * int(crossed.sum()) + _INTERRUPTS * int(open_.sum())
        for low, high in self._drawn.under[row]:
            if (low, high) == (first, last):
                return worth + _OVER_RULING
            if low <= last and high >= first and row < self._layout.header:
                return worth + _OFF_RULING
        return worth
