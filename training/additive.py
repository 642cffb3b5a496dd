"""Fits a generalised additive model of step functions by boosting stumps on the logistic loss (Friedman
2001), with Newton steps, each feature held to the direction that it is known to act in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
_SHARES = (0.003, 0.006, 0.01, 0.015, 0.02, 0.03, 0.045, 0.065, 0.09, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Of the cells below an edge, and above one: fine towards both ends, where the doubtful cells are."""
_RATE = 0.1
_OFFERED = 0.5
"""Share of the features that a round chooses from, at random: of several that tell the same all get a say."""
_SMOOTHING = 2.0
"""Added to the second derivatives of a step (L2)."""
_LEAST = 6.0
"""Cells on either side of a stump."""


@dataclass
class Additive:
    """The sum of a bias and one step function a feature."""

    bias: float
    edges: list[Floats]
    weights: list[Floats]
    """For each feature one value a bin, the last one where it is unknown."""

    def odds(self, values: Floats) -> Floats:
        """Log odds for rows of features."""
        total = np.full(len(values), self.bias)
        for column, (edges, weights) in enumerate(zip(self.edges, self.weights, strict=True)):
            total += weights[binned(values[:, column], edges)]
        return total


def fit(values: Floats, right: Floats, weights: Floats, directions: list[int], rounds: int) -> Additive:
    """``values``: cells × features, NaN where unknown; ``directions``: 1 where more of a feature never speaks
    against a cell, -1 where never for it, 0 where either may be."""
    edges = [_edges(column) for column in values.T]
    bins = [binned(column, edge) for column, edge in zip(values.T, edges, strict=True)]
    share = float(np.average(right, weights=weights))
    model = Additive(float(np.log(share / (1 - share))), edges, [np.zeros(len(edge) + 2) for edge in edges])
    odds, chance = np.full(len(values), model.bias), np.random.default_rng(rounds)
    for _ in range(rounds):
        said = 1 / (1 + np.exp(-odds))
        slope, bend = weights * (right - said), weights * said * (1 - said)
        stumps = {
            int(i): _stump(bins[i], slope, bend, weights, len(edges[i]) + 1, directions[i])
            for i in chance.choice(len(edges), max(1, round(_OFFERED * len(edges))), replace=False)
        }
        best = max(stumps, key=lambda i: stumps[i][0])
        model.weights[best] += _RATE * stumps[best][1]
        odds += _RATE * stumps[best][1][bins[best]]
    return model


def binned(column: Floats, edges: Floats) -> Ints:
    """The step of each value; unknown ones have the last."""
    return np.where(np.isnan(column), len(edges) + 1, np.searchsorted(edges, column, side="right"))


def _edges(column: Floats) -> Floats:
    known = column[~np.isnan(column)]
    if not len(known):
        return np.zeros(0)
    shares = [*_SHARES, *(1 - share for share in _SHARES)]
    return np.unique(np.round(np.quantile(known, shares), 4))


def _stump(
    bins: Ints, slope: Floats, bend: Floats, weights: Floats, known: int, direction: int
) -> tuple[float, Floats]:
    """The gain of the best two-step function of one feature, and its values by bin."""
    slopes, bends, masses = (np.bincount(bins, of, known + 1) for of in (slope, bend, weights))
    below = np.stack([np.cumsum(part[:known])[:-1] for part in (slopes, bends, masses)])
    above = np.array([[part[:known].sum()] for part in (slopes, bends, masses)]) - below
    low, high = below[0] / (below[1] + _SMOOTHING), above[0] / (above[1] + _SMOOTHING)
    gains = below[0] * low + above[0] * high
    gains[(below[2] < _LEAST) | (above[2] < _LEAST) | (direction * (high - low) < 0)] = -np.inf
    result = np.zeros(known + 1)
    result[known] = slopes[known] / (bends[known] + _SMOOTHING)
    unknown = slopes[known] * result[known]
    if not len(gains) or not np.isfinite(gains.max()):
        return (unknown if unknown else -np.inf), result
    at = int(gains.argmax())
    result[: at + 1], result[at + 1 : known] = low[at], high[at]
    return float(gains[at] + unknown), result
