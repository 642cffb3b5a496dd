"""The fitted model of confidence: a generalised additive model (Hastie & Tibshirani 1986), a step function of
its own for each feature, the sum made a probability by a logistic fitted to cells left out (Platt 1999).

``coefficients.json`` is written by ``python -m training.confidence`` and can be read: for each feature the
edges of its steps and, for each step, what it adds to the log odds that a cell is right.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.recognition.local.trust.judged import UNKNOWN, Features

COEFFICIENTS = Path(__file__).with_name("coefficients.json")


@dataclass(frozen=True, slots=True)
class Steps:
    """A step function of one feature."""

    edges: tuple[float, ...]
    """Ascending; a value equal to an edge lies above it."""
    weights: tuple[float, ...]
    """One more than edges."""
    unknown: float = 0.0
    """Where the feature is not known."""

    def at(self, value: float) -> float:
        if math.isnan(value):
            return self.unknown
        return self.weights[bisect_right(self.edges, value)]


@dataclass(frozen=True, slots=True)
class TrustModel:
    """From a cell's features to its confidence."""

    bias: float
    steps: Mapping[str, Steps]

    def confidence(self, features: Features) -> float:
        """0..1, the probability that the cell's text and place are right: never more than that of its least
        certain word, whatever else speaks for it."""
        odds = self.bias + sum(steps.at(features.get(name, UNKNOWN)) for name, steps in self.steps.items())
        return min(1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))), features.get("certainty", 1.0))


@cache
def fitted_model() -> TrustModel:
    """The model that ships with the engine."""
    found = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    steps = {
        name: Steps(tuple(one["edges"]), tuple(one["weights"]), one["unknown"])
        for name, one in found["features"].items()
    }
    return TrustModel(found["bias"], steps)
