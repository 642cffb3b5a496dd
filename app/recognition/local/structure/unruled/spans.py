"""Spanning cells: words across gutters, header groups over their children, headers beside split ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.recognition.local.evidence import GridHypothesis, Ruling, Span, Word
from app.recognition.local.structure.unruled.columns import columns_of

_REACH = 0.4
"""A word lies in a column that it reaches into by more, in character heights."""
_SAME_PLACE = 1.2
"""Middles closer than this many character heights count as one below the other."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """The words of one row that belong together, and the columns under them."""

    row: int
    first: int
    last: int
    x0: float
    x1: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def spanning_cells(
    grid: GridHypothesis,
    words: Sequence[Word],
    rulings: Sequence[Ruling],
    height: float,
    stub: Sequence[Span] = (),
) -> GridHypothesis:
    """The grid with those cells merged that one text needs. ``height``: character height.

    ``stub``: spanning cells of leading columns, found already.
    """
    rows = _filled(grid, words, height)
    header = _header_rows(rows, grid, words)
    found: list[Span] = []
    for row in range(grid.rows):
        cells = rows.get(row, [])
        below = rows.get(row + 1, []) if row + 1 < header else []
        groups = [_widened(cell, cells, below, grid, rulings, height) for cell in cells]
        found += [Span(row, first, 1, last - first + 1) for first, last in _disjoint(groups) if last > first]
    found = _with_tall_headers(found, rows, header, grid, rulings)
    return replace(grid, spans=_without_overlap([*stub, *found]), header_rows=header)


def _filled(grid: GridHypothesis, words: Sequence[Word], height: float) -> dict[int, list[_Filled]]:
    """Per row the words by their columns, left to right; words that share columns are taken together."""
    rows: dict[int, list[_Filled]] = {}
    for word in sorted(words, key=lambda word: word.box.x0):
        y = word.box.center[1]
        row = columns_of(y, y, grid.row_bounds, 0)[0]
        first, last = columns_of(word.box.x0, word.box.x1, grid.col_bounds, _REACH * height)
        cells = rows.setdefault(row, [])
        item = _Filled(row, first, last, word.box.x0, word.box.x1)
        while cells and cells[-1].last >= item.first:
            other = cells.pop()
            item = _Filled(
                row,
                min(other.first, item.first),
                max(other.last, item.last),
                min(other.x0, item.x0),
                max(other.x1, item.x1),
            )
        cells.append(item)
    return rows


def _header_rows(rows: dict[int, list[_Filled]], grid: GridHypothesis, words: Sequence[Word]) -> int:
    """Rows above the first one that has a number beside its first column; 0 where none is found."""
    for row in range(grid.rows):
        top, bottom = grid.row_bounds[row], grid.row_bounds[row + 1]
        for word in words:
            x, y = word.box.center
            digits = sum(character.isdigit() for character in word.text)
            year = word.text.strip().isdigit() and len(word.text.strip()) == 4
            if top <= y < bottom and x > grid.col_bounds[1] and digits * 2 > len(word.text) and not year:
                return row
    return 1 if rows else 0


def _widened(
    cell: _Filled,
    cells: Sequence[_Filled],
    below: Sequence[_Filled],
    grid: GridHypothesis,
    rulings: Sequence[Ruling],
    height: float,
) -> tuple[int, int]:
    """First and last column of a cell: a header stretches over the children that it stands above."""
    if not below or (cell.first == 0 and cell.last == 0):
        return cell.first, cell.last
    free_low, free_high = _free(cell, cells, grid.cols)
    ruled = _under_ruling(cell, grid, rulings, height)
    if ruled and free_low <= ruled[0] and ruled[1] <= free_high:
        return ruled
    children = [child for child in below if free_low <= child.first and child.last <= free_high]
    best = (cell.first, cell.last)
    nearest = _SAME_PLACE * height
    for start, end in itertools.combinations_with_replacement(range(len(children)), 2):
        group = children[start : end + 1]
        first, last = group[0].first, group[-1].last
        if first > cell.first or last < cell.last or last == first:
            continue
        offset = abs((group[0].x0 + group[-1].x1) / 2 - cell.middle)
        if offset < nearest:
            best, nearest = (first, last), offset
    return best


def _free(cell: _Filled, cells: Sequence[_Filled], cols: int) -> tuple[int, int]:
    """The columns around a cell up to its neighbours; the first column, which names rows, is left out."""
    low = max((other.last + 1 for other in cells if other.last < cell.first), default=1)
    high = min((other.first - 1 for other in cells if other.first > cell.last), default=cols - 1)
    return max(1, low), high


def _under_ruling(
    cell: _Filled, grid: GridHypothesis, rulings: Sequence[Ruling], height: float
) -> tuple[int, int] | None:
    """The columns over a short ruling right below the cell, as booktabs draws under a header group."""
    bottom = grid.row_bounds[cell.row + 1]
    width = grid.col_bounds[-1] - grid.col_bounds[0]
    for ruling in rulings:
        near = ruling.horizontal and abs(ruling.at - bottom) < 0.6 * height
        if near and ruling.length < 0.8 * width and ruling.start <= cell.middle <= ruling.end:
            first, last = columns_of(ruling.start, ruling.end, grid.col_bounds, 1.5 * height)
            if first <= cell.first and last >= cell.last and last > first:
                return first, last
    return None


def _disjoint(groups: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches of columns with overlapping ones cut back, left to right."""
    kept: list[tuple[int, int]] = []
    for first, last in sorted(groups):
        if kept and first <= kept[-1][1]:
            first = kept[-1][1] + 1
        if first <= last:
            kept.append((first, last))
    return kept


def _with_tall_headers(
    spans: list[Span],
    rows: dict[int, list[_Filled]],
    header: int,
    grid: GridHypothesis,
    rulings: Sequence[Ruling],
) -> list[Span]:
    """Spans with those header cells made as high as the split headers beside them."""
    if header < 2 or not any(span.row < header - 1 for span in spans):
        return spans
    taken = {(span.row, col) for span in spans for col in range(span.col, span.col + span.col_span)}
    taken |= {(row, cell.first) for row in range(header) for cell in rows.get(row, [])}
    tall: list[Span] = []
    for col in range(grid.cols):
        filled = [row for row in range(header) if (row, col) in taken]
        own = [(row, cell) for row in range(header) for cell in rows.get(row, []) if cell.first == col]
        if len(filled) == 1 and len(own) == 1 and own[0][1].last == col and _open(col, header, grid, rulings):
            tall.append(Span(0, col, header, 1))
    covered = {(row, span.col) for span in tall for row in range(header)}
    return [span for span in spans if (span.row, span.col) not in covered] + tall


def _without_overlap(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans that share no position with an earlier one."""
    kept: list[Span] = []
    taken: set[tuple[int, int]] = set()
    for span in spans:
        rows, cols = range(span.row, span.row + span.row_span), range(span.col, span.col + span.col_span)
        places = set(itertools.product(rows, cols))
        if not places & taken:
            kept.append(span)
            taken |= places
    return tuple(kept)


def _open(col: int, header: int, grid: GridHypothesis, rulings: Iterable[Ruling]) -> bool:
    """True where no ruling parts the column's header rows."""
    left, right = grid.col_bounds[col], grid.col_bounds[col + 1]
    for bottom, low, high in zip(
        grid.row_bounds[1:header], grid.row_bounds, grid.row_bounds[2:], strict=False
    ):
        for ruling in rulings:
            covers = min(ruling.end, right) - max(ruling.start, left) > 0.5 * (right - left)
            if ruling.horizontal and covers and (low + bottom) / 2 < ruling.at < (bottom + high) / 2:
                return False
    return True
