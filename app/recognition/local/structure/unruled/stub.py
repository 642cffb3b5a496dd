"""The stub: leading columns that name groups of rows. A label there stands beside several rows, often at the
middle of them and so on no text line of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.recognition.local.evidence import Word
from app.recognition.local.structure.unruled.columns import columns_of
from app.recognition.local.structure.unruled.lines import TextLine, text_lines

_SPARSE = 0.65
"""A stub column has fewer lines than this share of the fullest column's."""
_ON_LINE = 0.45
"""Middles this near, in character heights, stand on one line."""
_BETWEEN = 3.5
"""Lines farther apart than this, in character heights, may have a line between them."""
_YEAR = re.compile(r"(19|20)\d\d")
"""Names a column as a word does."""


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
    """The text lines of the columns behind the stub, with the stub's words that stand on one of them; without
    column names beside two lines of the header, at the middle of both."""
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
    found = [TextLine(tuple(sorted(group, key=lambda word: word.box.x0))) for group in grouped]
    beside = [i for i in range(1, len(found) - 1) if _is_beside(found[i - 1 : i + 2], col_bounds, height)]
    return [line for i, line in enumerate(found) if i not in beside]


def _is_beside(lines: Sequence[TextLine], col_bounds: Sequence[float], height: float) -> bool:
    """True where the second of three lines stands between the others, in columns of its own, all names."""
    above, line, below = lines
    off = line.center - (above.center + below.center) / 2
    if below.center - above.center > _BETWEEN * height or abs(off) > _ON_LINE * height:
        return False
    texts = [word.text.strip() for one in lines for word in one.words]
    if any(char.isdigit() for text in texts if not _YEAR.fullmatch(text) for char in text):
        return False
    own, *others = (_columns(one, col_bounds, height) for one in (line, above, below))
    return not any(own & other for other in others)


def _columns(line: TextLine, col_bounds: Sequence[float], height: float) -> set[int]:
    reached = (columns_of(word.box.x0, word.box.x1, col_bounds, 0.3 * height) for word in line.words)
    return {col for first, last in reached for col in range(first, last + 1)}
