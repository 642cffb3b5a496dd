"""Columns by gutters: the places that part most neighbours and cross fewest words, by dynamic programming.

A gutter earns for each pair of neighbours on a text line that it alone parts, the more the wider their gap,
and pays for each token that it crosses. With the gutters in order, what the next one earns depends on its
predecessor only, so the best set is found exactly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median_high

import numpy as np
from numpy.typing import NDArray

from app.recognition.local.evidence import Ruling
from app.recognition.local.structure.unruled.flush import Starts
from app.recognition.local.structure.unruled.lines import TextLine, Token
from app.recognition.local.structure.unruled.values import are_two_values
from app.tables.geometry import Box

_STEP = 0.2
"""Distance of the places tried, in character heights."""
_WORD_GAP = 0.75
"""A gap of this many character heights is as likely between words as between columns."""
_GAP_RANGE = 0.75
_WIDE = 0.9
"""Earned by a gap that hardly stands between words."""
_LEAST_GAIN = -0.4
"""Earned by parting two tokens with an ordinary space between them."""
_BOUND = 0.3
"""Paid for parting tokens that text recognition read as one word."""
_FLUSH = 0.1
"""Earned at least by parting two tokens at a gutter that texts are flush with."""
_VALUES = 0.3
"""Earned at least by parting two whole values."""
_CROSSING = 1.0
_LEAST_CROSSING = 0.3
"""For a line with few words, whose words may lie across columns: titles, section rows, header groups."""
_GUTTER = 0.9
"""Price of each gutter: one line alone does not make a column."""
_RULING = 2.5
"""Earned by a gutter on a vertical ruling as high as the table."""
_OFF_RULING = 1.5
"""Paid by a gutter beside the rulings where the table has one as high as itself within."""
_PROPOSED = 1.2
"""Earned by a gutter that another source sees, paid by one that it does not see."""
_INSET = 0.2
"""Word boxes may be this much too wide on each side, in character heights."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Neighbours on a line."""

    left: Token
    right: Token
    worth: float


def column_bounds(
    lines: Sequence[TextLine],
    box: Box,
    height: float,
    rulings: Sequence[Ruling],
    proposed: Sequence[float] = (),
) -> tuple[float, ...]:
    """x of the boundaries, left to right, the region's sides included. ``height``: character height.

    ``proposed``: x of the inner boundaries that another source sees; empty: none was asked.
    """
    tokens = [[_inset(token, height) for token in line.tokens()] for line in lines]
    every = [token for line in tokens for token in line]
    if not every:
        return box.x0, max(box.x1, box.x0 + 1)
    vertical = [ruling for ruling in rulings if not ruling.horizontal]
    places = _places(every, vertical, height)
    pairs = _with_flush(tokens, [_pairs(line, height) for line in tokens], height)
    costs = _costs(places, lines, tokens, height) - _ruling_gains(places, vertical, box)
    middles = np.sort([(token.x0 + token.x1) / 2 for token in every])
    gains = _pair_gains(places, pairs)
    if proposed:
        gains += _proposal_gains(places, proposed, middles)
    gutters = [float(places[i]) for i in _best_set(gains, costs, np.searchsorted(middles, places))]
    left, right = min(box.x0, float(places[0])), max(box.x1, float(places[-1]) + 1)
    return (left, *_centered(gutters, every, vertical), right)


def _inset(token: Token, height: float) -> Token:
    slack = min(_INSET * height, (token.x1 - token.x0) / 4)
    return replace(token, x0=token.x0 + slack, x1=token.x1 - slack)


def _pairs(tokens: Sequence[Token], height: float) -> list[_Pair]:
    found: list[_Pair] = []
    reach = float("-inf")
    last: Token | None = None
    for token in tokens:
        if last and token.x0 >= reach:
            gap = (token.x0 - reach) / height - 2 * _INSET
            worth = min(1.0, max(_LEAST_GAIN, (gap - _WORD_GAP) / _GAP_RANGE)) - _BOUND * (not token.begins)
            if are_two_values(last.text, token.text):
                worth = max(worth, _VALUES)
            found.append(_Pair(last, token, worth))
        if token.x1 >= reach:
            reach, last = token.x1, token
    return found


def _with_flush(
    tokens: Sequence[Sequence[Token]], pairs: Sequence[Sequence[_Pair]], height: float
) -> list[_Pair]:
    starts = Starts(tokens, [[(pair.right, pair.worth >= _WIDE) for pair in line] for line in pairs], height)
    return [
        replace(pair, worth=_FLUSH) if pair.worth < _FLUSH and starts.are_gutter(pair.right.x0) else pair
        for line in pairs
        for pair in line
    ]


def _costs(
    places: NDArray[np.float64], lines: Sequence[TextLine], tokens: Sequence[Sequence[Token]], height: float
) -> NDArray[np.float64]:
    """What a gutter at each place pays."""
    costs = np.full(len(places), _GUTTER)
    usual = median_high([len(line.words) for line in lines])
    for line, parts in zip(lines, tokens, strict=True):
        price = max(_LEAST_CROSSING, min(1.0, len(line.words) / usual)) * _CROSSING
        crossed = np.zeros(len(places), bool)
        for token in parts:
            crossed |= (places > token.x0) & (places < token.x1)
        costs += price * crossed
    return costs


def _places(tokens: Sequence[Token], vertical: Sequence[Ruling], height: float) -> NDArray[np.float64]:
    """Where a gutter may lie: every fifth of a character height between the outer tokens, and on rulings."""
    low, high = min(token.x0 for token in tokens), max(token.x1 for token in tokens)
    on_rulings = [ruling.at for ruling in vertical if low < ruling.at < high]
    return np.unique([*np.arange(low, high + _STEP * height, _STEP * height), *on_rulings])


def _ruling_gains(places: NDArray[np.float64], vertical: Sequence[Ruling], box: Box) -> NDArray[np.float64]:
    """What a gutter on each place earns by the rulings there."""
    covered = np.zeros(len(places))
    for ruling in vertical:
        if places[0] < ruling.at < places[-1]:
            covered[np.abs(places - ruling.at).argmin()] += ruling.length / max(1.0, box.height)
    covered = np.minimum(1.0, covered)
    return _RULING * covered - _OFF_RULING * covered.max() * (1 - covered)


def _pair_gains(places: NDArray[np.float64], pairs: Sequence[_Pair]) -> NDArray[np.float64]:
    """[gutter, predecessor + 1]: worth of the pairs that the gutter parts and its predecessor does not.

    Predecessor 0 stands for none.
    """
    gains = np.zeros((len(places), len(places) + 1))
    for pair in pairs:
        first, end = np.searchsorted(places, (pair.left.x1, pair.right.x0))
        gains[first : end + 1, : first + 1] += pair.worth
    return gains


def _proposal_gains(
    places: NDArray[np.float64], proposed: Sequence[float], middles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """[gutter, predecessor + 1]: plus where the gutter parts the tokens as a proposed one does, else minus.

    Give or take one token in twenty; the second of two gutters for the same boundary earns nothing.
    """
    ranks, wanted = np.searchsorted(middles, places), np.searchsorted(middles, proposed)
    distances = np.abs(ranks[:, None] - wanted[None, :])
    agreed = np.where(distances.min(axis=1) <= len(middles) / 20, distances.argmin(axis=1), -1)
    repeated = agreed[:, None] == np.array([-2, *agreed])[None, :]
    return _PROPOSED * np.where((agreed[:, None] >= 0) & ~repeated, 1.0, -1.0)


def _best_set(gains: NDArray[np.float64], costs: NDArray[np.float64], passed: NDArray[np.int64]) -> list[int]:
    """Indices of the gutters that earn most together, ascending.

    ``passed``: how many tokens have their middle to the left of each place; each column holds one.
    """
    count = len(costs)
    costs = np.where((passed == 0) | (passed == passed[-1]), np.inf, costs)
    allowed = 1 + np.searchsorted(passed, passed)  # predecessors with fewer middles to their left
    totals = np.zeros(count + 1)
    chosen = np.zeros(count, int)
    for index in range(count):
        sums = gains[index, : allowed[index]] - costs[index] + totals[: allowed[index]]
        chosen[index] = int(sums.argmax())
        totals[index + 1] = sums[chosen[index]]
    found: list[int] = []
    at = int(totals.argmax())
    while at > 0:
        found.append(at - 1)
        at = int(chosen[at - 1])
    return found[::-1]


def _centered(gutters: Sequence[float], tokens: Sequence[Token], vertical: Sequence[Ruling]) -> list[float]:
    """Each gutter moved to the middle of the gap between the tokens that it parts; those on rulings stay."""
    moved: list[float] = []
    edges = [float("-inf"), *gutters, float("inf")]
    for before, gutter, after in zip(edges, gutters, edges[2:], strict=False):
        left = [token.x1 for token in tokens if before < token.x1 <= gutter]
        right = [token.x0 for token in tokens if gutter <= token.x0 < after]
        middle = (max(left, default=gutter) + min(right, default=gutter)) / 2
        moved.append(gutter if any(ruling.at == gutter for ruling in vertical) else middle)
    return moved


def columns_of(x0: float, x1: float, bounds: Sequence[float], slack: float) -> tuple[int, int]:
    """First and last column that the stretch reaches into by more than ``slack``; its middle's at least."""
    last = len(bounds) - 2
    low, home, high = (min(last, max(0, bisect_right(bounds, x) - 1)) for x in (x0, (x0 + x1) / 2, x1))
    before = (i for i in range(low, home) if min(x1, bounds[i + 1]) - max(x0, bounds[i]) > slack)
    after = (i for i in range(high, home, -1) if min(x1, bounds[i + 1]) - max(x0, bounds[i]) > slack)
    return next(before, home), next(after, home)
