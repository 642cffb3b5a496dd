"""Words and rulings of a page typed in the source of a test: what is seen there stands at that place.

Each character is 6 pixels wide, each line 20 pixels high with characters of 12. Two spaces or more end a
word, one does not. A line of ``-`` and spaces alone is a ruling (or several) between its neighbours and takes
4 pixels; a ``|`` is a piece of a vertical ruling. A line with ``'`` first stands between its neighbours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent

from app.recognition.evidence import Ruling, Word
from app.recognition.local.evidence import GridHypothesis
from app.recognition.local.fill import fill
from app.tables.geometry import Box, hull

WIDE = 6
"""Pixels from one character to the next."""
HIGH = 12
"""Pixels of a character."""
_PITCH = 20
_RULING = 4
_WORD = re.compile(r"[^\s|]+(?: [^\s|]+)*")


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed region in pixels."""

    words: tuple[Word, ...]
    rulings: tuple[Ruling, ...]
    box: Box


def typed(page: str) -> Typed:
    """The words and rulings of the page; a margin of one character around them."""
    words: list[Word] = []
    rulings: list[Ruling] = []
    y = WIDE
    for line in dedent(page).strip("\n").splitlines():
        if re.fullmatch(r"[- ]*-[- ]*", line) and "--" in line:
            rulings += [
                Ruling(found.start() * WIDE, found.end() * WIDE, y + _RULING / 2, horizontal=True)
                for found in re.finditer(r"-+", line)
            ]
            y += _RULING
            continue
        rulings += [
            Ruling(y - _RULING, y + _PITCH, (found.start() + 0.5) * WIDE, horizontal=False)
            for found in re.finditer(r"\|", line)
        ]
        half = line.startswith("'")
        top = y - _PITCH / 2 if half else y
        words += [
            _word(found.group(), found.start(), top) for found in _WORD.finditer(line.replace("'", " ", half))
        ]
        y += 0 if half else _PITCH
    around = hull(word.box for word in words)
    box = Box(around.x0 - WIDE, 0, around.x1 + WIDE, y + WIDE) if around else Box(0, 0, 1, 1)
    return Typed(tuple(words), tuple(_joined(rulings)), box)


def texts(page: Typed, grid: GridHypothesis | None) -> list[list[str]]:
    """The texts by rows; of a spanning cell its text at its first place and ``<`` or ``^`` at the others."""
    assert grid is not None
    rows = [["" for _ in range(grid.cols)] for _ in range(grid.rows)]
    for cell in fill(page.words, grid, HIGH):
        place = cell.place
        for row in range(place.row, place.row + place.row_span):
            for col in range(place.col, place.col + place.col_span):
                rows[row][col] = "<" if col > place.col else "^" if row > place.row else cell.text
    return rows


def _word(text: str, column: int, top: float) -> Word:
    x = column * WIDE
    edges = tuple(float(x + i * WIDE) for i in range(len(text) + 1))
    return Word(text, Box(x, top, x + len(text) * WIDE - 1, top + HIGH), 1.0, (), edges)


def _joined(rulings: list[Ruling]) -> list[Ruling]:
    """Vertical pieces below one another made one ruling."""
    whole = [ruling for ruling in rulings if ruling.horizontal]
    pieces: dict[float, tuple[float, float]] = {}
    for piece in (ruling for ruling in rulings if not ruling.horizontal):
        start, end = pieces.get(piece.at, (piece.start, piece.end))
        pieces[piece.at] = (min(start, piece.start), max(end, piece.end))
    return whole + [Ruling(start, end, at, horizontal=False) for at, (start, end) in pieces.items()]
