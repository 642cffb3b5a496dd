"""The stub: leading columns that name groups of rows. A label there stands beside several rows, often at the
middle of them and so on no text line of its own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.local.evidence import GridHypothesis, Ruling, Span, Word
from app.recognition.local.structure.unruled.columns import columns_of
from app.recognition.local.structure.unruled.lines import TextLine, text_lines

_SPARSE = 0.65
"""A stub column has fewer lines than this share of the fullest column's."""
_ON_LINE = 0.45
"""Middles this near, in character heights, stand on one line."""
_BLOCK_GAP = 1.1
"""Lines of one label are less apart than this, in character heights."""
_CENTERED = 0.34
"""A label at the middle of its rows is less than this off, in rows."""


@dataclass(frozen=True, slots=True)
class _Label:
    """Words of a stub column close below one another."""

    words: tuple[Word, ...]

    @property
    def center(self) -> float:
        return (self.words[0].box.y0 + max(word.box.y1 for word in self.words)) / 2


def stub_columns(words: Sequence[Word], col_bounds: Sequence[float], height: float) -> int:
    """How many leading columns are too sparse to say where rows are; 0 where the first is as full as any."""
    columns: list[list[Word]] = [[] for _ in col_bounds[1:]]
    for word in words:
        first, last = columns_of(word.box.x0, word.box.x1, col_bounds, 0.3 * height)
        if first == last:
            columns[first].append(word)
    counts = [len(text_lines(column, height)) for column in columns]
    full = next((i for i, count in enumerate(counts) if count >= _SPARSE * max(counts)), 0)
    return full if max(counts) >= 3 else 0


def lines_beside_stub(
    words: Sequence[Word], col_bounds: Sequence[float], stub: int, height: float
) -> list[TextLine]:
    """The text lines of the columns behind the stub, with the stub's words that stand on one of them."""
    edge = col_bounds[stub]
    lines = text_lines([word for word in words if word.box.x1 > edge], height)
    grouped = [list(line.words) for line in lines]
    for word in words:
        if word.box.x1 > edge:
            continue
        middle = word.box.center[1]
        index = min(range(len(lines)), key=lambda i: abs(lines[i].center - middle))
        if abs(lines[index].center - middle) < _ON_LINE * height:
            grouped[index].append(word)
    return [TextLine(tuple(sorted(group, key=lambda word: word.box.x0))) for group in grouped]


def stub_spans(
    grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling], stub: int, height: float
) -> list[Span]:
    """The cells of labels that stand beside several rows."""
    spans: list[Span] = []
    for col in range(stub):
        left, right = grid.col_bounds[col], grid.col_bounds[col + 1]
        own = [word for word in words if left <= word.box.center[0] < right and word.box.x1 <= right + height]
        for first, last in _sections(grid, rulings, left, right):
            top, bottom = grid.row_bounds[first], grid.row_bounds[last + 1]
            labels = _labels([w for w in own if top <= w.box.center[1] < bottom], height)
            groups = _groups([_position(label, grid) for label in labels], first, last)
            spans += [Span(a, col, b - a + 1, 1) for a, b in groups if b > a]
    return spans


def _sections(
    grid: GridHypothesis, rulings: Sequence[Ruling], left: float, right: float
) -> list[tuple[int, int]]:
    """First and last row between rulings that run through the column."""
    cuts = [0]
    for row in range(1, grid.rows):
        low = (grid.row_bounds[row - 1] + grid.row_bounds[row]) / 2
        high = (grid.row_bounds[row] + grid.row_bounds[row + 1]) / 2
        if any(
            ruling.horizontal
            and low < ruling.at < high
            and min(ruling.end, right) - max(ruling.start, left) > 0.5 * (right - left)
            for ruling in rulings
        ):
            cuts.append(row)
    return [(a, b - 1) for a, b in itertools.pairwise([*cuts, grid.rows])]


def _labels(words: Sequence[Word], height: float) -> list[_Label]:
    found: list[list[Word]] = []
    for line in text_lines(words, height):
        if found and line.top - max(word.box.y1 for word in found[-1]) < _BLOCK_GAP * height:
            found[-1] += line.words
        else:
            found.append(list(line.words))
    return [_Label(tuple(sorted(label, key=lambda word: word.box.y0))) for label in found]


def _position(label: _Label, grid: GridHypothesis) -> float:
    """The label's middle in rows: 0 the middle of the first row, 0.5 the boundary below it."""
    row = columns_of(label.center, label.center, grid.row_bounds, 0)[0]
    top, bottom = grid.row_bounds[row], grid.row_bounds[row + 1]
    return row + min(1.0, max(0.0, (label.center - top) / (bottom - top))) - 0.5


def _groups(positions: Sequence[float], first: int, last: int) -> list[tuple[int, int]]:
    """Rows of each label when each stands at the middle of its rows and they fill the section; else none."""
    groups: list[tuple[int, int]] = []
    start = first
    for position in positions:
        end = round(2 * position - start)
        if end < start or abs((start + end) / 2 - position) > _CENTERED:
            return []
        groups.append((start, end))
        start = end + 1
    return groups if start == last + 1 else []
