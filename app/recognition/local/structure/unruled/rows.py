"""Rows by a semi-Markov walk over text lines: which lines start a row, which continue the one above.

Every place between two lines gets a worth as a row boundary; every row of several lines pays for columns that
hold two numbers. The best way to cut the lines into rows is found by dynamic programming (Viterbi over segments).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from app.recognition.local.evidence import Ruling, Word
from app.recognition.local.structure.unruled.columns import columns_of
from app.recognition.local.structure.unruled.lines import TextLine
from app.tables.geometry import Box

_MOST_LINES = 14
"""A row of more lines than this is not looked for."""
_NUMBER = re.compile(r"^[^A-Za-z]*\d[^A-Za-z]*%?$|^[-–—.*/x]+$|^(n/?a|n\.a\.?|ns)$", re.IGNORECASE)
_OPEN_END = re.compile(
    r"([,;:/(&–—-]|\b(of|and|or|the|for|in|to|with|by|on|a|an|at|from|per|than|de|et|und))$"
)
_NEW_ROW = 0.5
"""Worth of a boundary about which nothing is known."""


@dataclass(frozen=True, slots=True)
class RowEvidence:
    """What speaks for and against rows, with y of boundaries that another source proposes."""

    lines: Sequence[TextLine]
    col_bounds: Sequence[float]
    rulings: Sequence[Ruling]
    box: Box
    height: float
    proposed: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A text line by columns; a word over several columns stands in none of them."""

    line: TextLine
    cells: dict[int, list[Word]]

    def text(self, col: int) -> str:
        return " ".join(word.text for word in self.cells[col])

    def is_number(self, col: int) -> bool:
        return bool(_NUMBER.match(self.text(col)))


def row_bounds(evidence: RowEvidence) -> tuple[float, ...]:
    """y of the boundaries, top to bottom, the region's sides included."""
    lines = [_by_columns(line, evidence) for line in evidence.lines]
    if not lines:
        return evidence.box.y0, max(evidence.box.y1, evidence.box.y0 + 1)
    worths = _worths(lines, evidence)
    starts = _best_starts(lines, worths)
    inner = [_between(lines[i - 1].line, lines[i].line, evidence) for i in starts if i > 0]
    ascending = [evidence.box.y0]
    for y in inner:
        ascending.append(max(y, ascending[-1] + 1e-3))
    return (*ascending, max(evidence.box.y1, ascending[-1] + 1e-3))


def _by_columns(line: TextLine, evidence: RowEvidence) -> _Line:
    cells: dict[int, list[Word]] = {}
    for word in line.words:
        first, last = columns_of(word.box.x0, word.box.x1, evidence.col_bounds, 0.3 * evidence.height)
        if first == last:
            cells.setdefault(first, []).append(word)
    return _Line(line, cells)


def _worths(lines: Sequence[_Line], evidence: RowEvidence) -> list[float]:
    """Of a boundary above each line; the first is not used."""
    pitches = [b.line.center - a.line.center for a, b in itertools.pairwise(lines)]
    loose = _pitch_worths(pitches, evidence.height)
    extents = _extents(lines)
    shares = _shares(lines, len(evidence.col_bounds) - 1)
    worths = [0.0]
    for i, (above, below) in enumerate(itertools.pairwise(lines)):
        worths.append(
            _NEW_ROW
            + loose[i]
            + _ruling_worth(above.line, below.line, evidence)
            + _overlap_worth(above.line, below.line, evidence.height)
            + _text_worth(above, below, extents)
            + _filling_worth(above, below, shares)
            + _proposal_worth(above.line, below.line, evidence)
        )
    return worths


def _pitch_worths(pitches: Sequence[float], height: float) -> list[float]:
    """Wide pitches part rows where narrow ones join lines; nothing where all are alike."""
    if len(pitches) < 2:
        return [0.0] * len(pitches)
    ordered = sorted(pitches)
    cut = max(range(1, len(ordered)), key=lambda i: ordered[i] - ordered[i - 1])
    narrow, wide = median(ordered[:cut]), median(ordered[cut:])
    if wide < 1.2 * narrow or wide - narrow < 0.3 * height:
        return [0.0] * len(pitches)
    middle = (ordered[cut] + ordered[cut - 1]) / 2
    strength = min(1.0, (ordered[cut] - ordered[cut - 1]) / (0.4 * height))
    return [strength * (0.8 if pitch > middle else -0.8) for pitch in pitches]


def _ruling_worth(above: TextLine, below: TextLine, evidence: RowEvidence) -> float:
    low, high = above.center, below.center
    covered = sum(
        min(r.end, evidence.box.x1) - max(r.start, evidence.box.x0)
        for r in evidence.rulings
        if r.horizontal and low < r.at < high
    )
    return 4.0 * min(1.0, max(0.0, covered) / max(1.0, evidence.box.width))


def _overlap_worth(above: TextLine, below: TextLine, height: float) -> float:
    return -2.5 if below.top < above.bottom - 0.35 * height else 0.0


def _extents(lines: Sequence[_Line]) -> dict[int, float]:
    """How far right the text of each column reaches."""
    extents: dict[int, float] = {}
    for line in lines:
        for col, words in line.cells.items():
            extents[col] = max(extents.get(col, words[-1].box.x1), words[-1].box.x1)
    return extents


def _shares(lines: Sequence[_Line], cols: int) -> list[float]:
    """Share of lines that fill each column."""
    return [sum(col in line.cells for line in lines) / len(lines) for col in range(cols)]


def _text_worth(above: _Line, below: _Line, extents: dict[int, float]) -> float:
    """From the columns that both lines fill: numbers part them, broken phrases join them."""
    worth = 0.0
    for col in above.cells.keys() & below.cells.keys():
        if above.is_number(col) and below.is_number(col):
            worth += 0.8
        else:
            worth += _phrase_worth(above.cells[col], below.cells[col], extents[col])
    return max(-2.5, min(2.5, worth))


def _phrase_worth(above: Sequence[Word], below: Sequence[Word], extent: float) -> float:
    """Below 0: the lower text goes on where the upper one had no more room."""
    text, following = above[-1].text.rstrip(), below[0].text.lstrip()
    if not text or not following:
        return 0.0
    first = following.split()[0]
    needed = below[0].box.width * (len(first) + 1) / max(1, len(following))
    worth = 0.7 if above[-1].box.x1 + needed < extent else -0.5
    if _OPEN_END.search(text.lower()):
        worth -= 0.8
    if following[0].islower() or following[0] in "(%)&":
        worth -= 0.8
    return worth


def _filling_worth(above: _Line, below: _Line, shares: Sequence[float]) -> float:
    """A line that fills few of the columns that lines usually fill tends to continue the one above."""
    usual = [col for col, share in enumerate(shares) if share >= 0.5]
    if len(usual) < 2 or not below.cells:
        return 0.0
    missing = [col for col in usual if col not in below.cells]
    if not missing:
        return 0.4
    if 0 in usual and 0 in missing:
        return -1.0
    news = [col for col in below.cells if col not in above.cells]
    return 0.2 if news else -0.4


def _proposal_worth(above: TextLine, below: TextLine, evidence: RowEvidence) -> float:
    if not evidence.proposed:
        return 0.0
    proposed = any(above.center < y < below.center for y in evidence.proposed)
    return 1.5 if proposed else -1.5


def _best_starts(lines: Sequence[_Line], worths: Sequence[float]) -> list[int]:
    """Indices of the lines that start a row, ascending."""
    count = len(lines)
    best = np.full(count + 1, -np.inf)
    best[0] = 0.0
    origin = [0] * (count + 1)
    for end in range(1, count + 1):
        for start in range(max(0, end - _MOST_LINES), end):
            total = best[start] + _row_worth(lines[start:end], worths[start + 1 : end])
            total += worths[start] if start else 0.0
            if total > best[end]:
                best[end], origin[end] = total, start
    starts: list[int] = []
    end = count
    while end > 0:
        end = origin[end]
        starts.append(end)
    return starts[::-1]


def _row_worth(lines: Sequence[_Line], inner: Sequence[float]) -> float:
    """Of taking the lines as one row: the boundaries given up, and columns that then hold two numbers."""
    numbers: dict[int, int] = {}
    for line in lines:
        for col in line.cells:
            numbers[col] = numbers.get(col, 0) + line.is_number(col)
    doubled = sum(count - 1 for count in numbers.values() if count > 1)
    return -sum(inner) - 0.8 * min(3, doubled)


def _between(above: TextLine, below: TextLine, evidence: RowEvidence) -> float:
    """On a ruling between the lines, else in the middle of the gap."""
    low, high = min(above.bottom, below.center), max(below.top, above.center)
    between = [r for r in evidence.rulings if r.horizontal and above.center < r.at < below.center]
    if between:
        return max(between, key=lambda ruling: ruling.length).at
    return (low + high) / 2
