"""Fits the surface of the page: perspective and curl together, on the segments that agree with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.recognition.local.preparing.curl import Curl, fit_curl
from app.recognition.local.preparing.perspective import Matrix, fit_homography, transform
from app.recognition.local.preparing.segments import Evidence, with_links
from app.recognition.local.preparing.text_direction import Floats, TextLine, rotation, text_angle

_REFITS = 3
_AGREES = float(np.tan(np.deg2rad(2.0)))
"""Slope by which a segment may miss its axis and still be believed in the next fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """Where the text stands."""

    corners: Floats
    """(4, 2)."""
    line_height: float

    @classmethod
    def of(cls, lines: Sequence[TextLine]) -> Area:
        points = np.concatenate([line.quad for line in lines])
        (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        return cls(corners, float(np.median([line.height for line in lines])))

    @property
    def center(self) -> Floats:
        return self.corners.mean(axis=0)

    @property
    def reach(self) -> float:
        """Half the diagonal."""
        return float(np.linalg.norm(self.corners[2] - self.corners[0])) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """How the page lies before the camera."""

    matrix: Matrix
    curl: Curl | None
    """None where there was too little to fit one."""

    def flatten(self, points: Floats) -> Floats:
        """Where the page's points (…, 2) belong."""
        flat = transform(self.matrix, points)
        return flat if self.curl is None else self.curl.flatten(flat)


def fit_surface(evidence: Evidence, lines: Sequence[TextLine], area: Area) -> tuple[Surface, Evidence]:
    """The surface and the segments that it was fitted on.

    On a curled page the neighbours in a row are only seen once the curl is roughly known, and links between
    wrong rows lead astray: so one fit starts with links along the text's mean direction, one without any, and
    that counts which more of the segments agree with.
    """
    angle = text_angle(lines)
    linked = with_links(evidence, lines, lambda points: points @ rotation(angle).T)
    fits = [_refined(start, evidence, lines, area) for start in (linked, evidence)]
    return max(fits, key=lambda fit: float(fit[1].level_weights.sum()))


def _refined(
    start: Evidence, evidence: Evidence, lines: Sequence[TextLine], area: Area
) -> tuple[Surface, Evidence]:
    """Each round drops what disagrees (strokes of letters, other things' edges) and links the rows anew."""
    angle = text_angle(lines)
    believed, surface = start, _fit(start, angle, area)
    for _ in range(_REFITS):
        believed = _agreeing(with_links(evidence, lines, surface.flatten), surface)
        surface = _fit(believed, angle, area)
    return surface, believed


def _fit(evidence: Evidence, angle: float, area: Area) -> Surface:
    matrix = fit_homography(evidence, angle, area.center, area.reach)
    corners = transform(matrix, area.corners)
    low, high = corners.min(axis=0), corners.max(axis=0)
    level = transform(matrix, evidence.level)
    return Surface(matrix, fit_curl(level, evidence.level_weights, (low + high) / 2, (high - low) / 2))


def _agreeing(evidence: Evidence, surface: Surface) -> Evidence:
    level, plumb = surface.flatten(evidence.level), transform(surface.matrix, evidence.plumb)
    along, down = level[:, 1] - level[:, 0], plumb[:, 1] - plumb[:, 0]
    kept = np.abs(along[:, 1]) < _AGREES * np.abs(along[:, 0])
    upright = np.abs(down[:, 0]) < _AGREES * np.abs(down[:, 1])
    return Evidence(
        evidence.level[kept],
        evidence.level_weights[kept],
        evidence.plumb[upright],
        evidence.plumb_weights[upright],
    )
