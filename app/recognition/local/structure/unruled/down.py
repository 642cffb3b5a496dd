"""Cells over several rows: the most likely way to cut a column into cells, by dynamic programming.

A cell over several rows holds its text at the middle of them, and rulings beside it end at it. In leading
columns, which name groups of rows, an empty cell where a group begins is unlikely.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from app.recognition.local.evidence import Span
from app.recognition.local.structure.unruled.drawn import Drawn
from app.recognition.local.structure.unruled.layout import Layout, Piece
from app.recognition.local.structure.unruled.placing import log_density
from app.tables.geometry import Box

_SPREAD = 0.15
"""Mean distance of a text from where its cell's alignment puts it, in character heights."""
_EMPTY, _EMPTY_START = -0.8, -3.5
_TALL, _STUB, _BODY, _ACROSS_HEADER = 0.0, -2.2, -4.0, -8.0
"""Log odds of a cell over several rows: of a header beside a split one, in a leading column, elsewhere, from
the header into the body."""
_SECOND_TEXT = -3.0
_MOST_TEXTS = 4
_TIGHT = 1.5
"""Lines of one text are less apart than this, in character heights."""
_CROSSES_RULING, _INTERRUPTS = -5.0, 2.5
_WITNESSES = 6
"""Texts of a row, the nearest ones, that show where its texts stand."""
_MOST = 60
"""Rows of the tallest cell looked for."""


class Down:
    """Cuts the columns of one layout. ``across``: its cells over several columns."""

    def __init__(self, layout: Layout, drawn: Drawn, across: Sequence[Span]) -> None:
        self._layout, self._drawn = layout, drawn
        self._rows = len(layout.rows)
        self._wide = {(span.row, span.col + i) for span in across for i in range(span.col_span)}
        self._split = {span.row for span in across if span.row + 1 < layout.header}
        self._texts: dict[tuple[int, int], Piece] = {
            (piece.row, piece.cols[0]): piece for row in layout.rows for piece in row
        }
        body = layout.rows[layout.header :]
        self._filled = [
            sum(any(p.cols[0] <= col <= p.cols[1] for p in row) for row in body)
            for col in range(len(layout.columns))
        ]
        self._stub = self._leading()

    def spans(self, col: int) -> list[Span]:
        """The column's cells over several rows."""
        best = [(0.0, 0), *((-math.inf, 0) for _ in range(self._rows))]
        for start in range(self._rows):
            for end, worth in self._from(col, start):
                if best[start][0] + worth > best[end][0]:
                    best[end] = best[start][0] + worth, start
        found: list[Span] = []
        end = self._rows
        while end:
            start = best[end][1]
            if end - start > 1:
                found.append(Span(start, col, end - start, 1))
            end = start
        return found

    def _leading(self) -> int:
        """How many columns name rows: those before the first that is mostly filled."""
        full = 0.8 * max(self._filled)
        return next((i for i, count in enumerate(self._filled) if count >= full), 0)

    def _from(self, col: int, start: int) -> Iterator[tuple[int, float]]:
        if (start, col) in self._wide:
            yield start + 1, 0.0
            return
        if self._is_plain(col, start):
            yield start + 1, 0.0
            return
        texts: list[Piece] = []
        rulings = 0.0
        for end in range(start + 1, min(self._rows, start + _MOST) + 1):
            if (end - 1, col) in self._wide:
                return
            if end - start > 1:
                rulings += self._ruling(col, end - 2)
                if rulings < -9:
                    return
            piece = self._texts.get((end - 1, col))
            if piece and piece.cols == (col, col):
                if texts and not self._joins(col, end - 1, texts, piece):
                    return
                texts.append(piece)
            if not texts:
                if end - start == 1:
                    yield end, self._empty(col, start)
                continue
            yield end, self._worth(col, start, end - 1, texts) + rulings

    def _is_plain(self, col: int, row: int) -> bool:
        """True where a text has texts above and below, so that its cell cannot be higher than its row."""
        around = [self._texts.get((other, col)) for other in (row - 1, row, row + 1)]
        return row > self._layout.header and col >= self._stub and all(around)

    def _joins(self, col: int, row: int, texts: Sequence[Piece], below: Piece) -> bool:
        """True where a text may go on in the row: in the header and beside groups of rows."""
        if len(texts) == _MOST_TEXTS or not (row < self._layout.header or col < self._stub):
            return False
        return below.box.y0 - texts[-1].box.y1 < _TIGHT * self._layout.height

    def _ruling(self, col: int, row: int) -> float:
        """What a cell through the boundary below a row pays or earns by the rulings there."""
        below = self._drawn.below[row]
        if below[col]:
            return _CROSSES_RULING
        return _INTERRUPTS if below.mean() >= 0.4 and row >= self._layout.header else 0.0

    def _empty(self, col: int, row: int) -> float:
        if row < self._layout.header:
            return -0.3
        if col >= max(1, self._stub):
            return self._layout.empties[col]
        starts = row == self._layout.header or (row > 0 and self._drawn.below[row - 1].mean() > 0.7)
        return _EMPTY_START if starts else _EMPTY

    def _worth(self, col: int, first: int, last: int, texts: Sequence[Piece]) -> float:
        box = texts[0].box
        for piece in texts[1:]:
            box = box.union(piece.box)
        extra = _SECOND_TEXT * (len(texts) - 1)
        if first == last:
            return self._in_row(col, box, first) + extra
        return self._over_rows(box, first, last) + self._price(col, first, last) + extra

    def _in_row(self, col: int, box: Box, row: int) -> float:
        """At the top, middle or bottom of a row, which the texts beside it show."""
        pieces, height = self._layout.rows[row], self._layout.height
        beside = [p for p in pieces if p.cols[0] > col or p.cols[1] < col]
        beside.sort(key=lambda piece: abs(piece.cols[0] - col))
        others = [p.box for p in beside if not p.between][:_WITNESSES] or [box]
        share = 1 / len(others)
        distances = [(0.6 * share, box.center[1] - other.center[1]) for other in others]
        distances += [(0.25 * share, box.y0 - other.y0) for other in others]
        distances += [(0.15 * share, box.y1 - other.y1) for other in others]
        return log_density([(weight, d / height) for weight, d in distances], _SPREAD)

    def _over_rows(self, box: Box, first: int, last: int) -> float:
        lines, height = self._layout.lines, self._layout.height
        low, high = lines[first].low, lines[last].high
        distances = ((0.15, box.y0 - low), (0.15, box.y1 - high), (0.7, box.center[1] - (low + high) / 2))
        return log_density([(weight, d / height) for weight, d in distances], _SPREAD)

    def _price(self, col: int, first: int, last: int) -> float:
        header = self._layout.header
        if first < header <= last:
            return _ACROSS_HEADER
        if last < header:
            return _TALL if self._split & set(range(first, last)) else _STUB
        return _STUB if col < self._stub else _BODY
