"""Decides whether a page must be levelled or flattened, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.local.preparing.perspective import Matrix, transform
from app.recognition.local.preparing.segments import Evidence, page_evidence
from app.recognition.local.preparing.surface import Area, Surface, fit_surface
from app.recognition.local.preparing.text_direction import (
    Floats,
    Quad,
    TextLine,
    elongated,
    rotation,
    row_links,
    text_angle,
    text_lines,
)

_UNSEEN_SKEW = 0.25  # rise over the whole text, in heights of a text line, that a scan is left with
_UNSEEN_FAN = 0.6  # the same rise at the bottom against that at the top
_UNSEEN_BULGE = 0.15  # height of the bulge of a line over the whole text
_LEAST_SLOPES = 8  # of lines, and between them, that tell either
_SLIM = 6.0  # length over height from which a line's own slope is no accident of its box
_UNSEEN = 0.15  # shift of any corner, in the same unit, that a photograph is left with
_UNSEEN_CURL = 0.04
_MAX_STRETCH = 2.5  # of one corner against another; beyond it the fit cannot be right
_CURL_GAIN = 0.7  # share of the lines' slopes that may be left after the curl is undone
_MAX_CURL = 4.0  # heights of a text line
_GRID: Floats = np.stack(np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 1, 9)), axis=-1)
"""(9, 9, 2): evenly over the unit square."""
_MARGIN = 2.0  # heights of a text line kept around everything found


@dataclass(frozen=True, slots=True, eq=False)
class Flattening:
    """How the page, upright by quarter turns, becomes flat."""

    surface: Surface
    origin: tuple[float, float]
    size: tuple[int, int]
    """(height, width) of the result."""
    name: str
    """levelled: turned in its plane · flattened: also freed from perspective or curl."""


def flattening(pixels: Pixels, quads: Sequence[Quad], *, flat_ground: bool) -> Flattening | None:
    """None: nothing to do. ``flat_ground``: a scan or screenshot, level unless its text says no."""
    lines = text_lines(quads)
    if not elongated(lines):
        return None
    area = Area.of(lines)
    if flat_ground and _is_scanned_level(lines, area):
        return None
    evidence = page_evidence(pixels, lines)
    surface, believed = fit_surface(evidence, lines, area)
    if not _is_sane(surface.matrix, area):
        return _levelling(pixels, lines, evidence, area)
    if not _is_curled(surface, believed, area):
        surface = Surface(surface.matrix, None)
        if _largest_shift(surface.matrix, area) < _UNSEEN * area.line_height:
            return None
    return _cut_out(pixels, evidence, surface, area, "flattened")


def _levelling(
    pixels: Pixels, lines: Sequence[TextLine], evidence: Evidence, area: Area
) -> Flattening | None:
    if _skew_shift(lines, area) < _UNSEEN_SKEW * area.line_height:
        return None
    surface = Surface(_rotation(np.deg2rad(text_angle(lines)), area.center), None)
    return _cut_out(pixels, evidence, surface, area, "levelled")


def _is_scanned_level(lines: Sequence[TextLine], area: Area) -> bool:
    """Whether the text neither falls nor bulges nor fans out, as that of a sheet seen from a side does."""
    if _skew_shift(lines, area) >= _UNSEEN_SKEW * area.line_height:
        return False
    angle = text_angle(lines)
    links, _ = row_links(lines, lambda points: points @ rotation(angle).T)
    slim = [[line.start, line.end] for line in lines if line.length > _SLIM * line.height]
    ends = np.concatenate([links, np.array(slim).reshape(-1, 2, 2)])
    across, down = (ends[:, 1] - ends[:, 0]).T
    lying = np.abs(across) > np.abs(down)
    if lying.sum() < _LEAST_SLOPES:
        return True
    middles, slopes = ends.mean(axis=1)[lying], down[lying] / across[lying]
    width, height = (area.corners[2] - area.corners[0]).tolist()
    fan = width * height * _turn(middles[:, 1], slopes, area)
    bulge = width**2 / 8 * _turn(middles[:, 0], slopes, area)
    return fan < _UNSEEN_FAN * area.line_height and bulge < _UNSEEN_BULGE * area.line_height


def _turn(places: Floats, slopes: Floats, area: Area) -> float:
    """By how much the slopes change a pixel: the median over pairs (Theil, Sen 1968)."""
    one, other = np.triu_indices(len(places), 1)
    apart = places[other] - places[one]
    far = np.abs(apart) > 2 * area.line_height
    return abs(float(np.median((slopes[other] - slopes[one])[far] / apart[far]))) if far.any() else 0.0


def _skew_shift(lines: Sequence[TextLine], area: Area) -> float:
    """Pixels by which the text rises or falls from its left to its right end."""
    slope = float(np.tan(np.deg2rad(text_angle(lines))))
    return abs(slope) * float(area.corners[1, 0] - area.corners[0, 0])


def _rotation(turn: float, center: Floats) -> Matrix:
    cos, sin = np.cos(turn), np.sin(turn)
    x, y = center
    return np.array([[cos, sin, x - cos * x - sin * y], [-sin, cos, y + sin * x - cos * y], [0, 0, 1]])


def _is_sane(matrix: Matrix, area: Area) -> bool:
    """The whole text before the horizon, no part of it enlarged or shrunk beyond belief."""
    depths = area.corners @ matrix[2, :2] + matrix[2, 2]
    depths = depths / float(area.center @ matrix[2, :2] + matrix[2, 2])
    return bool(depths.min() > 1 / _MAX_STRETCH and depths.max() < _MAX_STRETCH)


def _largest_shift(matrix: Matrix, area: Area) -> float:
    """Of the text's corners against their common move."""
    moved = transform(matrix, area.corners) - area.corners
    return float(np.abs(moved - moved.mean(axis=0)).max())


def _is_curled(surface: Surface, believed: Evidence, area: Area) -> bool:
    """Whether undoing the curl makes the lines clearly more level."""
    if surface.curl is None:
        return False
    corners = transform(surface.matrix, area.corners)
    low, high = corners.min(axis=0), corners.max(axis=0)
    shifts = surface.curl.shift(low + (high - low) * _GRID)
    bulge = float(np.abs(shifts - shifts.mean(axis=1, keepdims=True)).max())
    if not _UNSEEN_CURL * area.line_height < bulge < _MAX_CURL * area.line_height:
        return False
    level = transform(surface.matrix, believed.level)
    slopes = (_median_slope(ends, believed.level_weights) for ends in (level, surface.curl.flatten(level)))
    before, after = slopes
    return after < _CURL_GAIN * before


def _median_slope(ends: Floats, weights: Floats) -> float:
    along = ends[:, 1] - ends[:, 0]
    slopes = np.abs(along[:, 1]) / np.maximum(1e-9, np.abs(along[:, 0]))
    order = np.argsort(slopes)
    reached = np.cumsum(weights[order])
    return float(slopes[order][np.searchsorted(reached, reached[-1] / 2)])


def _cut_out(pixels: Pixels, evidence: Evidence, surface: Surface, area: Area, name: str) -> Flattening:
    """Everything found and a margin, no more than the page."""
    ends = np.concatenate([area.corners, evidence.level.reshape(-1, 2), evidence.plumb.reshape(-1, 2)])
    flat = surface.flatten(ends)
    height, width = pixels.shape[:2]
    page = transform(surface.matrix, np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64))
    margin = _MARGIN * area.line_height
    low = np.floor(np.maximum(flat.min(axis=0) - margin, page.min(axis=0)))
    high = np.ceil(np.minimum(flat.max(axis=0) + margin, page.max(axis=0)))
    across, down = (high - low).astype(int).tolist()
    return Flattening(surface, (float(low[0]), float(low[1])), (max(1, down), max(1, across)), name)
