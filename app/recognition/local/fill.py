"""Words into cells: words across a boundary are cut there, lines of a cell joined in reading order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.recognition.evidence import Word, rivals_within
from app.recognition.local.evidence import GridHypothesis, Span
from app.recognition.local.lines import text_lines
from app.tables.geometry import Box

_REACH = 1.2
"""A space farther from the boundary than this, in character heights, is no place to cut."""
_WIDE_PITCH = 1.6
"""Characters whose middles are this many usual distances apart have a gap between them."""


@dataclass(frozen=True, slots=True)
class FilledCell:
    """A cell and the words in it, in reading order."""

    place: Span
    box: Box
    words: tuple[Word, ...]
    text: str

    @property
    def raw_text(self) -> str | None:
        """What was read before repairs; None where nothing was repaired."""
        if all(word.raw_text is None for word in self.words):
            return None
        return text_of([replace(word, text=word.raw_text or word.text) for word in self.words])

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Other readings of the whole text; none where several words make it up."""
        return self.words[0].alternatives if len(self.words) == 1 else ()


def fill(words: Sequence[Word], grid: GridHypothesis, height: float) -> list[FilledCell]:
    """Every cell of the grid with its words. ``height``: character height, in pixels."""
    places = _places(grid)
    cells = sorted(set(places.values()), key=lambda span: (span.row, span.col))
    held: dict[Span, list[Word]] = {cell: [] for cell in cells}
    for word in words:
        row = _index(grid.row_bounds, word.box.center[1])
        for piece in _cut(word, _crossed(grid, places, row, word), height):
            held[places[row, _index(grid.col_bounds, piece.box.center[0])]].append(piece)
    return [_filled(cell, grid, held[cell]) for cell in cells]


def join_lines(lines: Sequence[str]) -> str:
    """Lines of one cell as one text: a space between, none after a hyphen or between East Asian signs."""
    text = ""
    for line in lines:
        if text and not _is_hyphenated(text, line) and not (_is_cjk(text[-1]) and _is_cjk(line[0])):
            text += " "
        text += line
    return text


def _places(grid: GridHypothesis) -> dict[tuple[int, int], Span]:
    places = {(row, col): Span(row, col, 1, 1) for row in range(grid.rows) for col in range(grid.cols)}
    for span in grid.spans:
        for row in range(span.row, span.row + span.row_span):
            for col in range(span.col, span.col + span.col_span):
                places[row, col] = span
    return places


def _index(bounds: Sequence[float], at: float) -> int:
    inner = bounds[1:-1]
    return next((i for i, bound in enumerate(inner) if at < bound), len(inner))


def _crossed(grid: GridHypothesis, places: dict[tuple[int, int], Span], row: int, word: Word) -> list[float]:
    """x of the cell boundaries inside the word."""
    return [
        x
        for col, x in enumerate(grid.col_bounds[1:-1], start=1)
        if word.box.x0 < x < word.box.x1 and places[row, col - 1] != places[row, col]
    ]


def _cut(word: Word, boundaries: Sequence[float], height: float) -> list[Word]:
    """The word in pieces, cut at the gap nearest to each boundary; whole where it has no gap near."""
    edges = word.char_edges or _even_edges(word)
    cuts = sorted({cut for x in boundaries if (cut := _cut_at(word.text, edges, x, height))})
    ends = [0, *cuts, len(word.text)]
    pieces = [_piece(word, edges, a, b) for a, b in itertools.pairwise(ends)] if cuts else [word]
    return [piece for piece in pieces if piece.text]


def _cut_at(text: str, edges: Sequence[float], x: float, height: float) -> int | None:
    """The index of the character to cut before."""
    centers = [(a + b) / 2 for a, b in itertools.pairwise(edges)]
    steps = [b - a for a, b in itertools.pairwise(centers)]
    usual = sorted(steps)[len(steps) // 2] if steps else 0.0
    gaps = [
        i
        for i in range(1, len(text))
        if (text[i].isspace() or text[i - 1].isspace() or steps[i - 1] > _WIDE_PITCH * usual)
        and abs(edges[i] - x) < _REACH * height
    ]
    return min(gaps, key=lambda i: abs(edges[i] - x), default=None)


def _even_edges(word: Word) -> tuple[float, ...]:
    step = word.box.width / max(1, len(word.text))
    return tuple(word.box.x0 + i * step for i in range(len(word.text) + 1))


def _piece(word: Word, edges: Sequence[float], start: int, end: int) -> Word:
    raw = word.text[start:end]
    start += len(raw) - len(raw.lstrip())
    end -= len(raw) - len(raw.rstrip())
    if start >= end:
        return replace(word, text="")
    box = Box(edges[start], word.box.y0, max(edges[start], edges[end]), word.box.y1)
    return replace(
        word,
        text=word.text[start:end],
        box=box,
        alternatives=(),
        char_edges=tuple(edges[start : end + 1]),
        rivals=rivals_within(word.rivals, start, end),
        raw_text=word.raw_text and word.raw_text[start:end],
    )


def _filled(cell: Span, grid: GridHypothesis, words: Sequence[Word]) -> FilledCell:
    lines = text_lines(words)
    box = Box(
        grid.col_bounds[cell.col],
        grid.row_bounds[cell.row],
        grid.col_bounds[cell.col + cell.col_span],
        grid.row_bounds[cell.row + cell.row_span],
    )
    return FilledCell(cell, box, tuple(word for line in lines for word in line), text_of(words))


def text_of(words: Sequence[Word]) -> str:
    """The text of a cell that holds these words."""
    return join_lines([" ".join(word.text for word in line) for line in text_lines(words)])


def _is_hyphenated(text: str, following: str) -> bool:
    return len(text) > 1 and text[-1] == "-" and text[-2].isalpha() and following[0].islower()


def _is_cjk(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" or "\uff00" <= char <= "\uffef"
