"""How well a grid explains the words and rulings of a region: the faults that a reader would see in it."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.local.evidence import GridHypothesis, Ruling, Span, Word
from app.recognition.local.structure.unruled.boundaries import Boundaries, by_columns, is_number
from app.recognition.local.structure.unruled.columns import columns_of
from app.recognition.local.structure.unruled.lines import TextLine, character_height, text_lines, tokens_of
from app.recognition.local.structure.unruled.rows import row_log_odds
from app.recognition.local.structure.unruled.stub import lines_beside_stub, stub_columns
from app.recognition.local.structure.unruled.values import are_two_values
from app.tables.geometry import Box

FAULTS = {
    "words cut": 33.0,
    "lines cut": 6.5,
    "columns in one cell": 30.0,
    "numbers in one cell": 17.0,
    "empty": 17.0,
    "mixed types": 1.7,
    "rulings ignored": 2.5,
    "rulings crossed": 3.8,
    "unlikely rows": 0.5,
}
"""What each costs, from a logistic regression over pairs of grids for the same table."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word and the cell that holds its middle."""

    word: Word
    row: int
    col: int
    place: Span


def score(grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling]) -> float:
    """0 for a grid without a fault, below 0 for others; the higher the likelier.

    ``words`` and ``rulings`` are those of the region, in the grid's pixels.
    """
    return -sum(
        cost * fault for cost, fault in zip(FAULTS.values(), faults(grid, words, rulings), strict=True)
    )


def faults(grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling]) -> list[float]:
    """The values of FAULTS, each 0 (none) and up, most of them shares of words, lines or rulings."""
    height = character_height(words)
    placed = _placed(grid, words)
    return [
        sum(_cut_across(item, grid, height) for item in placed) / max(1, len(placed)),
        sum(_cut_along(item, grid) for item in placed) / max(1, len(placed)),
        *_crowded(placed, height),
        _empty(grid, placed),
        _mixed_types(grid, placed),
        *_rulings(grid, rulings, height),
        _unlikely_rows(grid, words, rulings, height),
    ]


def _placed(grid: GridHypothesis, words: Sequence[Word]) -> list[_Placed]:
    covering = {
        (row, col): span
        for span in grid.spans
        for row in range(span.row, span.row + span.row_span)
        for col in range(span.col, span.col + span.col_span)
    }
    found: list[_Placed] = []
    for word in words:
        x, y = word.box.center
        row = columns_of(y, y, grid.row_bounds, 0)[0]
        col = columns_of(x, x, grid.col_bounds, 0)[0]
        found.append(_Placed(word, row, col, covering.get((row, col), Span(row, col, 1, 1))))
    return found


def _cut_across(item: _Placed, grid: GridHypothesis, height: float) -> bool:
    """True where a column boundary runs through a token, and the word's cell ends there."""
    first, last = item.place.col, item.place.col + item.place.col_span
    slack = 0.35 * height
    for token in tokens_of(item.word):
        low = bisect_right(grid.col_bounds, token.x0 + slack)
        high = bisect_left(grid.col_bounds, token.x1 - slack)
        if any(not first < index < last for index in range(max(1, low), min(grid.cols, high))):
            return True
    return False


def _cut_along(item: _Placed, grid: GridHypothesis) -> bool:
    """True where a row boundary runs through the middle of the word, and its cell ends there."""
    box, inner = item.word.box, range(item.place.row + 1, item.place.row + item.place.row_span)
    low = bisect_right(grid.row_bounds, box.y0 + 0.3 * box.height)
    high = bisect_left(grid.row_bounds, box.y1 - 0.3 * box.height)
    return any(index not in inner for index in range(low, high))


def _crowded(placed: Sequence[_Placed], height: float) -> tuple[float, float]:
    """Shares of the words: wide gaps or two values in a line of one cell; numbers on several lines of one."""
    cells: dict[Span, list[Word]] = {}
    for item in placed:
        cells.setdefault(item.place, []).append(item.word)
    gaps = doubled = 0
    for words in cells.values():
        lines = text_lines(words, height)
        for line in lines:
            gaps += sum(b.box.x0 - a.box.x1 > 1.3 * height for a, b in itertools.pairwise(line.words))
            texts = [token.text for token in line.tokens()]
            gaps += sum(are_two_values(left, right) for left, right in itertools.pairwise(texts))
        doubled += max(0, sum(_is_own_number(line) for line in lines) - 1)
    return gaps / max(1, len(placed)), doubled / max(1, len(placed))


def _is_own_number(line: TextLine) -> bool:
    """True for a number that goes with none above it, as one in brackets or an error may."""
    return all(is_number(word.text) for word in line.words) and not line.words[0].text.startswith(("(", "±"))


def _empty(grid: GridHypothesis, placed: Sequence[_Placed]) -> float:
    """Rows and columns in which no word begins, and the share of empty cells, lightly."""
    rows, cols = {item.place.row for item in placed}, {item.place.col for item in placed}
    empty = (grid.rows - len(rows)) / grid.rows + (grid.cols - len(cols)) / grid.cols
    cells = {item.place for item in placed}
    covered = sum(cell.row_span * cell.col_span for cell in cells)
    return empty + 0.1 * max(0.0, 1 - covered / (grid.rows * grid.cols))


def _mixed_types(grid: GridHypothesis, placed: Sequence[_Placed]) -> float:
    """Share of words, below the header, that are numbers in a column of text or text in one of numbers."""
    odd = total = 0
    for col in range(grid.cols):
        kinds = [
            is_number(item.word.text)
            for item in placed
            if item.col == col and item.row >= max(1, grid.header_rows) and item.place.col_span == 1
        ]
        odd += min(sum(kinds), len(kinds) - sum(kinds))
        total += len(kinds)
    return odd / max(1, total)


def _rulings(grid: GridHypothesis, rulings: Sequence[Ruling], height: float) -> tuple[float, float]:
    """Rulings through the region beside every boundary; boundaries without one where all others have one."""
    ignored = crossed = 0.0
    for horizontal, bounds, across in (
        (True, grid.row_bounds, grid.col_bounds),
        (False, grid.col_bounds, grid.row_bounds),
    ):
        extent = across[-1] - across[0]
        long = [
            ruling.at
            for ruling in rulings
            if ruling.horizontal == horizontal
            and ruling.length > 0.6 * extent
            and bounds[0] + height < ruling.at < bounds[-1] - height
        ]
        inner = bounds[1:-1]
        far = [at for at in long if all(abs(at - x) > 0.8 * height for x in inner)]
        ignored += len(far) / max(1, len(inner) + 1)
        ruled = sum(any(abs(at - x) <= 0.8 * height for at in long) for x in inner)
        if len(long) >= 2 or (long and not horizontal):
            crossed += (len(inner) - ruled) / max(1, len(inner)) * min(1.0, len(long) / max(1, len(inner)))
    return ignored, crossed


def _unlikely_rows(
    grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling], height: float
) -> float:
    """Log odds against the grid's row boundaries, for each line boundary."""
    stub = stub_columns(words, grid.col_bounds, height)
    beside = lines_beside_stub(words, grid.col_bounds, stub, height)
    lines = [by_columns(line, grid.col_bounds, height) for line in beside]
    box = Box(grid.col_bounds[0], grid.row_bounds[0], grid.col_bounds[-1], grid.row_bounds[-1])
    odds = row_log_odds(Boundaries(lines, rulings, box, height), len(lines))
    against = 0.0
    for index in range(1, len(lines)):
        above, below = lines[index - 1].line.center, lines[index].line.center
        parted = any(above < y <= below for y in grid.row_bounds)
        against += max(0.0, -odds[index] if parted else odds[index])
    return against / max(1, len(lines) - 1)
