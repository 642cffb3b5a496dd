"""Columns by gutters: the places that part most neighbours and cross fewest words, by dynamic programming.

A gutter earns for each pair of neighbours on a text line that it alone parts, the more the wider their gap,
and pays for each token that it crosses. With the gutters in order, what the next one earns depends on its
predecessor only, so the best set is found exactly.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.local.evidence import Ruling
from app.recognition.local.structure.unruled.lines import TextLine, Token
from app.tables.geometry import Box

_STEP = 0.2
"""Distance of the places tried, in character heights."""
_WORD_GAP = 0.75
"""A gap of this many character heights is as likely between words as between columns."""
_GAP_RANGE = 0.75
_LEAST_GAIN = -0.4
"""Earned by parting two tokens with an ordinary space between them."""
_CROSSING = 1.0
_LONE_CROSSING = 0.3
"""For crossing the only word of a line: a title or a section row may lie across all columns."""
_GUTTER = 0.9
"""Price of each gutter: one line alone does not make a column."""
_RULING = 2.5
"""Earned by a gutter on a vertical ruling as high as the table."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Neighbours on a line."""

    left: Token
    right: Token
    worth: float


def column_bounds(
    lines: Sequence[TextLine], box: Box, height: float, rulings: Sequence[Ruling]
) -> tuple[float, ...]:
    """x of the boundaries, left to right, the region's sides included. ``height``: character height."""
    tokens = [line.tokens() for line in lines]
    places = np.arange(box.x0, box.x1, _STEP * height)
    if not len(places):
        return box.x0, box.x0 + 1
    pairs = [pair for line in tokens for pair in _pairs(line, height)]
    costs = _costs(places, lines, tokens, height) - _ruling_gains(places, rulings, box, height)
    gutters = [float(places[i]) for i in _best_set(places, pairs, costs)]
    inner = _centered(gutters, [token for line in tokens for token in line])
    return (box.x0, *(x for x in inner if box.x0 < x < box.x1), box.x1)


def _pairs(tokens: Sequence[Token], height: float) -> list[_Pair]:
    found: list[_Pair] = []
    reach = float("-inf")
    last: Token | None = None
    for token in tokens:
        if last and token.x0 >= reach:
            gap = (token.x0 - reach) / height
            worth = min(1.0, max(_LEAST_GAIN, (gap - _WORD_GAP) / _GAP_RANGE))
            found.append(_Pair(last, token, worth))
        if token.x1 >= reach:
            reach, last = token.x1, token
    return found


def _costs(
    places: NDArray[np.float64], lines: Sequence[TextLine], tokens: Sequence[Sequence[Token]], height: float
) -> NDArray[np.float64]:
    """What a gutter at each place pays."""
    costs = np.full(len(places), _GUTTER)
    for line, parts in zip(lines, tokens, strict=True):
        price = _LONE_CROSSING if len(line.words) == 1 else _CROSSING
        crossed = np.zeros(len(places), bool)
        for token in parts:
            slack = min(0.15 * height, (token.x1 - token.x0) / 4)
            crossed |= (places > token.x0 + slack) & (places < token.x1 - slack)
        costs += price * crossed
    return costs


def _ruling_gains(
    places: NDArray[np.float64], rulings: Sequence[Ruling], box: Box, height: float
) -> NDArray[np.float64]:
    covered = np.zeros(len(places))
    for ruling in rulings:
        if not ruling.horizontal:
            near = np.abs(places - ruling.at) < max(_STEP, 0.3) * height
            covered += near * ruling.length / max(1.0, box.height)
    return _RULING * np.minimum(1.0, covered)


def _best_set(places: NDArray[np.float64], pairs: Sequence[_Pair], costs: NDArray[np.float64]) -> list[int]:
    """Indices of the gutters that earn most together, ascending."""
    count = len(places)
    gains = np.zeros((count, count + 1))  # [gutter, predecessor + 1]; predecessor 0: none
    for pair in pairs:
        first, last = np.searchsorted(places, (pair.left.x1, pair.right.x0))
        before = int(np.searchsorted(places, pair.left.x1))
        gains[first : last + 1 if last < count else count, : before + 1] += pair.worth
    totals = np.zeros(count + 1)
    chosen = np.zeros(count, int)
    for index in range(count):
        sums = gains[index, : index + 1] - costs[index] + totals[: index + 1]
        chosen[index] = int(sums.argmax())
        totals[index + 1] = sums[chosen[index]]
    found: list[int] = []
    at = int(totals.argmax())
    while at > 0:
        found.append(at - 1)
        at = int(chosen[at - 1])
    return found[::-1]


def _centered(gutters: Sequence[float], tokens: Sequence[Token]) -> list[float]:
    """Each gutter moved to the middle of the gap between the tokens that it parts."""
    moved: list[float] = []
    edges = [float("-inf"), *gutters, float("inf")]
    for before, gutter, after in zip(edges, edges[1:], edges[2:], strict=False):
        left = [t.x1 for t in tokens if t.x1 <= gutter and t.x1 > before]
        right = [t.x0 for t in tokens if t.x0 >= gutter and t.x0 < after]
        low, high = max(left, default=gutter), min(right, default=gutter)
        moved.append((low + high) / 2)
    return [x for i, x in enumerate(moved) if i == 0 or x > moved[i - 1]]


def columns_of(x0: float, x1: float, bounds: Sequence[float], slack: float) -> tuple[int, int]:
    """First and last column that the stretch reaches into by more than ``slack``; its middle's at least."""
    middle = (x0 + x1) / 2
    home = max(i for i, (low, _) in enumerate(itertools.pairwise(bounds)) if i == 0 or low <= middle)
    reached = [
        i
        for i, (low, high) in enumerate(itertools.pairwise(bounds))
        if min(x1, high) - max(x0, low) > slack or i == home
    ]
    return reached[0], reached[-1]
