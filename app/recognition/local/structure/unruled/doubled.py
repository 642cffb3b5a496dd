"""Rows that a grid was given with two rows of the table in them: they are parted between their lines.

The network at times sees one row where a row stands close below another one. Texts that go on in a second
line hardly do so in all columns at once, least of all single words and values; and errors in brackets below
values have a line of their own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Sequence
from dataclasses import replace
from functools import partial

from app.recognition.local.evidence import GridHypothesis, Word
from app.recognition.local.headers import is_value
from app.recognition.local.structure.unruled.boundaries import ColumnLine, by_columns
from app.recognition.local.structure.unruled.lines import text_lines

_FULL = 0.8
"""Share of the columns that a whole row has texts in."""
_COLUMNS = 3
"""Fewest columns in which both lines of a doubled row have texts."""
_BRACKETED = re.compile(r"[(\[](.*\d.*|[.–-]+)[)\]]\W*")
_BEHIND = re.compile(r"[^\w(]*\d[^(]*\(.*\d.*\)\W*")


def with_parted_rows(grid: GridHypothesis, words: Sequence[Word], height: float) -> GridHypothesis:
    """The grid with each such row below the column names as two or more. ``height``: character height."""
    rows = [_lines(grid, row, words, height) for row in range(grid.rows)]
    body = next((i for i, lines in enumerate(rows) if any(map(_holds_values, lines))), grid.rows)
    fixed = {row for span in grid.spans for row in range(span.row, span.row + span.row_span)}
    errors = _have_own_lines(rows[body:])
    cuts: list[list[float]] = []
    for row, lines in enumerate(rows):
        apart = _number_columns if row < max(1, body) else partial(_are_rows, cols=grid.cols, errors=errors)
        pairs = () if row in fixed else itertools.pairwise(lines)
        cuts.append([_between(a, b) for a, b in pairs if apart(a, b)])
    before = [0, *itertools.accumulate(map(len, cuts))]
    return replace(
        grid,
        row_bounds=tuple(sorted({*grid.row_bounds, *itertools.chain.from_iterable(cuts)})),
        spans=tuple(replace(span, row=span.row + before[span.row]) for span in grid.spans),
    )


def _lines(grid: GridHypothesis, row: int, words: Sequence[Word], height: float) -> list[ColumnLine]:
    top, bottom = grid.row_bounds[row : row + 2]
    inside = [word for word in words if top <= word.box.center[1] < bottom]
    return [by_columns(line, grid.col_bounds, height) for line in text_lines(inside, height)]


def _holds_values(line: ColumnLine) -> bool:
    texts = _texts(line, line.cells.keys() - {0})
    return 2 * sum(map(is_value, texts)) > len(texts) and not _counts(line)


def _number_columns(above: ColumnLine, below: ColumnLine) -> bool:
    """True where either line of a header holds but numbers in brackets, (1) (2) and so on."""
    return _counts(above) or _counts(below)


def _counts(line: ColumnLine) -> bool:
    texts = [_text(line, col) for col in sorted(line.cells)]
    return len(texts) > 1 and texts == [f"({i})" for i in range(1, len(texts) + 1)]


def _have_own_lines(rows: Sequence[Sequence[ColumnLine]]) -> bool:
    """True where more brackets stand on lines of their own than behind a value."""
    lines = [line for row in rows for line in row]
    alone = sum(len(line.cells) for line in lines if _holds_errors(line))
    behind = sum(bool(_BEHIND.fullmatch(text)) for line in lines for text in _texts(line, line.cells))
    return alone > behind


def _are_rows(above: ColumnLine, below: ColumnLine, cols: int, errors: bool) -> bool:
    """``errors``: whether brackets stand on lines of their own."""
    if above.wide or below.wide:
        return False
    if _holds_errors(below):
        return errors and all(col in above.cells and is_value(_text(above, col)) for col in below.cells)
    if _holds_errors(above):
        return errors and 0 in below.cells and len(below.cells) > 1
    both = above.cells.keys() & below.cells.keys()
    if 0 not in both or len(both) < max(_COLUMNS, _FULL * cols):
        return False
    texts = [*_texts(above, both - {0}), *_texts(below, both - {0})]
    return all(is_value(text) or len(text.split()) == 1 for text in texts)


def _holds_errors(line: ColumnLine) -> bool:
    return 0 not in line.cells and all(map(_BRACKETED.fullmatch, _texts(line, line.cells)))


def _texts(line: ColumnLine, cols: Container[int]) -> list[str]:
    return [_text(line, col) for col in line.cells if col in cols]


def _text(line: ColumnLine, col: int) -> str:
    return " ".join(word.text for word in line.cells[col])


def _between(above: ColumnLine, below: ColumnLine) -> float:
    a, b = above.line, below.line
    return (min(a.bottom, b.center) + max(b.top, a.center)) / 2
