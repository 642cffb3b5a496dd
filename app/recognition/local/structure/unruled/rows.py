"""Rows by a semi-Markov walk over text lines: which lines start a row, which continue the one above.

Every place between two lines gets log odds of being a row boundary, a row of several lines pays for columns
that then hold two numbers, and the most likely way to cut the lines into rows is found by dynamic programming
(Viterbi over segments).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.local.evidence import Ruling
from app.recognition.local.structure.unruled.boundaries import FEATURES, Boundaries, ColumnLine, by_columns
from app.recognition.local.structure.unruled.lines import TextLine
from app.tables.geometry import Box

_THROUGH = 0.6
"""A ruling this long, in widths of the region, ends a row in all columns."""
_MOST_LINES = 14
"""A row of more lines than this is not looked for."""
_WEIGHTS = {
    "always": -0.1,
    "pitch": 1.2,
    "gap": 1.9,
    "ruling": 1.5,
    "ruling missed": -1.0,
    "overlap": -0.4,
    "numbers below numbers": 2.0,
    "room left": 1.5,
    "no room left": -0.9,
    "open end": -1.9,
    "small letters": -0.9,
    "first column missing": -1.0,
    "usual columns filled": 2.1,
    "usual columns filled above": 1.1,
    "new columns": 1.5,
    "children": 1.1,
    "across columns alone": 1.9,
    "first column alone": -1.3,
    "even pitch": 0.7,
    "outdented": 4.0,
}
"""Log odds, from a logistic regression on the lines of ruled and unruled tables, with and without rulings."""
_PROPOSED, _NOT_PROPOSED = 3.9, -2.3
"""Log odds where another source was asked and sees a boundary, and where it sees none."""
_FIRST = 2.0
"""Log odds lost by the first row of several lines where all lines are equally far apart."""
_DOUBLED = 1.0
"""Log odds lost by a row for each column with a second number in it."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The text lines of a region with what the walk over them needs, in pixels of one page."""

    lines: Sequence[TextLine]
    col_bounds: Sequence[float]
    rulings: Sequence[Ruling]
    box: Box
    height: float
    """The character height."""
    proposed: Sequence[float] = ()
    """y of row boundaries that another source sees; empty: none was asked."""


def row_bounds(region: Lines) -> tuple[float, ...]:
    """y of the boundaries, top to bottom, the region's sides included."""
    box = region.box
    if not region.lines:
        return box.y0, max(box.y1, box.y0 + 1)
    lines = [by_columns(line, region.col_bounds, region.height) for line in region.lines]
    bounds = [box.y0]
    boundaries = Boundaries(lines, region.rulings, region.box, region.height)
    first = _FIRST if boundaries.are_even else 0.0
    for start in _best_starts(lines, _log_odds(boundaries, region), first)[1:]:
        place = _between(region.lines[start - 1], region.lines[start], region.rulings)
        bounds.append(max(place, bounds[-1] + 1e-3))
    return (*bounds, max(box.y1, bounds[-1] + 1e-3))


def ruled_row_bounds(region: Lines) -> tuple[float, ...] | None:
    """y of the boundaries where a row is what stands between two rulings; None for less than three rows."""
    box = region.box
    bounds = [box.y0]
    for above, below in itertools.pairwise(region.lines):
        inside = [
            ruling
            for ruling in region.rulings
            if ruling.horizontal
            and above.center < ruling.at < below.center
            and ruling.length > _THROUGH * box.width
        ]
        if inside:
            bounds.append(max(max(inside, key=lambda ruling: ruling.length).at, bounds[-1] + 1e-3))
    return (*bounds, max(box.y1, bounds[-1] + 1e-3)) if len(bounds) >= 3 else None


def row_log_odds(boundaries: Boundaries, count: int) -> list[float]:
    """Of a row boundary above each of ``count`` lines; the first is not used."""
    weights = [_WEIGHTS[name] for name in FEATURES]
    return [0.0] + [
        sum(w * value for w, value in zip(weights, boundaries.features(index), strict=True))
        for index in range(1, count)
    ]


def _log_odds(boundaries: Boundaries, region: Lines) -> list[float]:
    seen = row_log_odds(boundaries, len(region.lines))
    return [odds + (_proposal(region, index) if index else 0.0) for index, odds in enumerate(seen)]


def _proposal(region: Lines, index: int) -> float:
    if not region.proposed:
        return 0.0
    above, below = region.lines[index - 1].center, region.lines[index].center
    return _PROPOSED if any(above < y < below for y in region.proposed) else _NOT_PROPOSED


def _best_starts(lines: Sequence[ColumnLine], odds: Sequence[float], first: float) -> list[int]:
    """Indices of the lines that start a row, ascending from 0. ``first``: what rows of several lines must
    gain together over rows of one each."""
    best = [0.0] + [-math.inf] * len(lines)
    origin = [0] * (len(lines) + 1)
    for end in range(1, len(lines) + 1):
        for start in range(max(0, end - _MOST_LINES), end):
            total = best[start] + odds[start] - _doubled(lines[start:end])
            if total > best[end]:
                best[end], origin[end] = total, start
    if best[-1] - sum(odds) < first:
        return list(range(len(lines)))
    starts: list[int] = []
    end = len(lines)
    while end > 0:
        end = origin[end]
        starts.append(end)
    return starts[::-1]


def _doubled(row: Sequence[ColumnLine]) -> float:
    """The price of columns that hold several numbers when these lines are one row."""
    if len(row) < 2:
        return 0.0
    numbers = [col for line in row for col in line.numbers]
    return _DOUBLED * (len(numbers) - len(set(numbers)))


def _between(above: TextLine, below: TextLine, rulings: Sequence[Ruling]) -> float:
    """On the longest ruling between the lines, else in the middle of the gap."""
    inside = [r for r in rulings if r.horizontal and above.center < r.at < below.center]
    if inside:
        return max(inside, key=lambda ruling: ruling.length).at
    return (min(above.bottom, below.center) + max(below.top, above.center)) / 2
