"""Fits the smooth vertical shift that makes curved text lines and rulings straight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.recognition.local.preparing.text_direction import Ends, Floats

_ROUNDS = 12
_MIN_SPREAD = 0.5  # pixels
_RIDGE = 0.005
_MIN_SEGMENTS = 12
_POWERS = ((1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 1), (4, 0), (1, 2), (2, 2))
"""Powers of x and y in the shift. Terms in y alone move whole lines and straighten nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Curl:
    """A polynomial shift: the point (x, y) belongs at (x, y + shift(x, y))."""

    center: Floats
    reach: Floats
    """Half the width and height of the area of the fit; outside it the shift is held constant."""
    coefficients: Floats

    def shift(self, points: Floats) -> Floats:
        """Pixels down, for points (…, 2)."""
        return self.basis(points) @ self.coefficients

    def flatten(self, points: Floats) -> Floats:
        """Where the points belong."""
        moved = np.array(points, np.float64)
        moved[..., 1] += self.shift(moved)
        return moved

    def bend(self, points: Floats) -> Floats:
        """The inverse of `flatten`: a few fixed-point rounds, as the shift changes slowly."""
        flat = np.asarray(points, np.float64)
        bent = flat.copy()
        for _ in range(8):
            bent[..., 1] = flat[..., 1] - self.shift(bent)
        return bent

    def basis(self, points: Floats) -> Floats:
        """(…, terms): the value of each term at the points (…, 2)."""
        unit = np.clip((np.asarray(points, np.float64) - self.center) / self.reach, -1.15, 1.15)
        x, y = unit[..., 0], unit[..., 1]
        return np.stack([x**i * y**j for i, j in _POWERS], axis=-1)


def fit_curl(
    level: Ends,
    weights: Floats,
    center: Floats,
    reach: Floats,
) -> Curl | None:
    """The shift after which the level segments are most level; None where they are too few to tell.

    Linear least squares on the height difference of each segment's ends, reweighted by Tukey's biweight.
    """
    if len(level) < _MIN_SEGMENTS:
        return None
    curl = Curl(center, reach, np.zeros(len(_POWERS)))
    rise = level[:, 1, 1] - level[:, 0, 1]
    # the ends stand about a pixel from where they belong, so long segments tell no more than their basis does
    basis = curl.basis(level[:, 1]) - curl.basis(level[:, 0])
    shares = np.sqrt(weights / weights.mean())
    coefficients: Floats = curl.coefficients
    for _ in range(_ROUNDS):
        residuals: Floats = rise + basis @ coefficients
        spread = max(_MIN_SPREAD, 1.48 * float(np.median(np.abs(residuals))))
        robust = np.square(np.clip(1 - np.square(residuals / (4 * spread)), 0, None)) * shares
        normal = (basis * robust[:, None]).T @ basis + _RIDGE * np.eye(len(_POWERS))
        coefficients = np.asarray(np.linalg.solve(normal, -(basis * robust[:, None]).T @ rise), np.float64)
    return Curl(center, reach, coefficients)
