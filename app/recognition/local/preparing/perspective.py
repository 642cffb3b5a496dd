"""Fits the homography that makes level segments level and plumb ones plumb."""

from __future__ import annotations

import numpy as np

from app.recognition.local.preparing.segments import Evidence
from app.recognition.local.preparing.text_direction import Ends, Floats

Matrix = Floats
"""(3, 3) homography on column vectors (x, y, 1)."""

_ROUNDS = 15
_SPREADS = np.deg2rad([6.0, 3.0, 3.0])
"""Width of the robust loss, from the first rounds to the last: wide, as curled lines are no outliers."""
_PRIOR = np.array([0.0, 0.02, 0.004, 0.004])
"""How much turn, shear and the two perspective terms are held at none where nothing speaks for them."""
_ENOUGH = 4.0  # total length of plumb segments, in heights of the page, from which they count in full


def fit_homography(evidence: Evidence, angle: float, center: Floats, reach: float) -> Matrix:
    """The homography, scale 1 at ``center`` (which stays in place).

    ``angle``: degrees that the text falls by, as a start. ``reach``: half the diagonal of the text, pixels.
    A plane seen by a pinhole camera differs from its front view by a homography (Hartley & Zisserman,
    Multiple View Geometry, 2nd ed., 2.7): here turn, shear and two perspective terms, found by
    Gauss-Newton on the segments' directions with Tukey's biweight against strokes and edges of other things.
    """
    level, plumb = ((ends - center) / reach for ends in (evidence.level, evidence.plumb))
    weights = _balanced(evidence, reach)
    parameters = np.array([np.deg2rad(angle), 0.0, 0.0, 0.0])
    for round_ in range(_ROUNDS):
        spread = _SPREADS[min(round_ // 5, len(_SPREADS) - 1)]
        parameters = _step(parameters, level, plumb, weights, spread)
    to_unit = np.array([[1 / reach, 0, -center[0] / reach], [0, 1 / reach, -center[1] / reach], [0, 0, 1]])
    return np.linalg.inv(to_unit) @ _matrix(parameters) @ to_unit


def transform(matrix: Matrix, points: Floats) -> Floats:
    """The points (…, 2) under the homography."""
    moved = np.asarray(points, np.float64) @ matrix[:, :2].T + matrix[:, 2]
    return moved[..., :2] / moved[..., 2:]


def _balanced(evidence: Evidence, reach: float) -> Floats:
    """Level and plumb segments count alike in sum, unless the plumb ones are few."""
    level, plumb = evidence.level_weights, evidence.plumb_weights
    share = min(1.0, float(plumb.sum()) / (_ENOUGH * reach))
    return np.concatenate(
        [level / max(1e-9, float(level.sum())), share * plumb / max(1e-9, float(plumb.sum()))]
    )


def _step(parameters: Floats, level: Ends, plumb: Ends, weights: Floats, spread: float) -> Floats:
    residuals = _residuals(parameters, level, plumb)
    robust = np.square(np.clip(1 - np.square(residuals / (3 * spread)), 0, None))
    jacobian = np.empty((len(residuals), len(parameters)))
    for index in range(len(parameters)):
        nudged = parameters.copy()
        nudged[index] += 1e-5
        jacobian[:, index] = (_residuals(nudged, level, plumb) - residuals) / 1e-5
    weighted = jacobian * (weights * robust)[:, None]
    normal = weighted.T @ jacobian + np.diag(_PRIOR + 1e-9)
    change = np.linalg.solve(normal, -(weighted.T @ residuals) - _PRIOR * parameters)
    return parameters + np.clip(change, -0.2, 0.2)


def _residuals(parameters: Floats, level: Ends, plumb: Ends) -> Floats:
    """Sines of the angles by which the segments miss their axis."""
    matrix = _matrix(parameters)
    flat, upright = transform(matrix, level), transform(matrix, plumb)
    along, down = flat[:, 1] - flat[:, 0], upright[:, 1] - upright[:, 0]
    return np.concatenate(
        [along[:, 1] / np.linalg.norm(along, axis=1), down[:, 0] / np.linalg.norm(down, axis=1)]
    )


def _matrix(parameters: Floats) -> Matrix:
    turn, shear, tilt_x, tilt_y = parameters
    perspective = np.array([[1, 0, 0], [0, 1, 0], [tilt_x, tilt_y, 1]])
    rotation = np.array([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    return np.array([[1, shear, 0], [0, 1, 0], [0, 0, 1]]) @ rotation @ perspective
