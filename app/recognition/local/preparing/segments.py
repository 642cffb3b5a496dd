"""Evidence of what is level and what is plumb on a page: text lines, rulings, edges of the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels

Floats = NDArray[np.floating[Any]]

Quad = Floats
"""(4, 2): the corners of a text line in order around it."""

Ends = Floats
"""(n, 2, 2): segment, end, x and y."""

_ELONGATED = 2.0  # length over height from which a text line tells a direction
_LSD_SIDE = 1800  # pixels of the longer side that segments are searched on
_SLIM = 8.0  # length over height from which a text line's own direction counts in full
_LINK_WEIGHT = 0.5  # of a link between two lines of a row, against a drawn line as long
_SAME_ROW = 0.5  # heights by which the middles of two lines in one row may differ, after levelling
_TOLERANCE = 20.0  # degrees that a segment may differ from the text's direction or its perpendicular


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """A text line by its axis."""

    start: Floats
    end: Floats
    height: float
    quad: Quad

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.end - self.start))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Segments that should be level or plumb, each with a weight (pixels of length that it counts for)."""

    level: Ends
    level_weights: Floats
    plumb: Ends
    plumb_weights: Floats


def text_lines(quads: Sequence[Quad]) -> list[TextLine]:
    """The axes of the text lines: along their longer sides, ends left to right (top to bottom if steep)."""
    return [_axis(quad) for quad in quads]


def _axis(quad: Quad) -> TextLine:
    corners = quad.astype(np.float64)
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    shift = 0 if sides[0] + sides[2] >= sides[1] + sides[3] else 1
    corners = np.roll(corners, -shift, axis=0)
    start, end = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    steep = abs(end[1] - start[1]) > abs(end[0] - start[0])
    if (start[1] > end[1]) if steep else (start[0] > end[0]):
        start, end = end, start
    height = float(np.linalg.norm(corners[1] - corners[2]) + np.linalg.norm(corners[3] - corners[0])) / 2
    return TextLine(start, end, height, quad)


def elongated(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines that are long enough to tell a direction."""
    return [line for line in lines if line.length >= _ELONGATED * line.height]


def text_angle(lines: Sequence[TextLine]) -> float:
    """Degrees by which the text falls to the right (positive) or rises.

    The median, by length squared, over the lines themselves and over the links between neighbours in a row:
    text detection returns short lines as upright boxes, but sets their middles right.
    """
    long = elongated(lines)
    if not long:
        return 0.0
    rough = _median_degrees(*_own_axes(long))
    ends, weights = _level_text(lines, rough)
    return _median_degrees(ends, np.square(weights))


def _own_axes(long: Sequence[TextLine]) -> tuple[Ends, Floats]:
    """The axes with weights that grow with the length, and more so with the slimness, of the line."""
    ends = np.array([[line.start, line.end] for line in long])
    slimness = np.array([min(1.0, line.length / line.height / _SLIM) for line in long])
    return ends, np.array([line.length for line in long]) * slimness**2


def _level_text(lines: Sequence[TextLine], angle: float) -> tuple[Ends, Floats]:
    """Axes and links, each with its weight."""
    axes, weights = _own_axes(elongated(lines))
    links = _row_links(lines, angle)
    return np.concatenate([axes, links]), np.concatenate([weights, _LINK_WEIGHT * _lengths(links)])


def _row_links(lines: Sequence[TextLine], angle: float) -> Ends:
    """From the middle of each line to that of its next neighbour in the row."""
    middles = np.array([line.quad.mean(axis=0) for line in lines])
    level = middles @ _rotation(angle).T
    heights = np.array([line.height for line in lines])
    found: list[Floats] = []
    for index in range(len(lines)):
        across, down = (level - level[index]).T
        beside = (across > heights[index]) & (np.abs(down) < 0.3 * across)
        beside &= np.abs(down) < _SAME_ROW * np.minimum(heights, heights[index])
        if beside.any():
            nearest = int(np.argmin(np.where(beside, across, np.inf)))
            found.append(np.array([middles[index], middles[nearest]]))
    return np.array(found).reshape(-1, 2, 2)


def _median_degrees(ends: Ends, weights: Floats) -> float:
    angles = _degrees(ends)
    order = np.argsort(angles)
    reached = np.cumsum(weights[order])
    return float(angles[order][np.searchsorted(reached, reached[-1] / 2)])


def page_evidence(pixels: Pixels, lines: Sequence[TextLine]) -> Evidence:
    """What the text lines, the alignment of their ends, rulings and edges tell."""
    angle = text_angle(lines)
    height = float(np.median([line.height for line in lines]))
    drawn = _drawn_segments(pixels, lines, height)
    lengths = _lengths(drawn)
    turned = _degrees(drawn) - angle
    is_level = np.abs(_wrapped(turned)) < _TOLERANCE
    is_plumb = (np.abs(_wrapped(turned - 90)) < _TOLERANCE) & (lengths > 2.5 * height)
    text, text_weights = _level_text(lines, angle)
    aligned = _aligned_ends(elongated(lines), angle, height)
    return Evidence(
        np.concatenate([text, drawn[is_level]]),
        np.concatenate([text_weights, lengths[is_level]]),
        np.concatenate([drawn[is_plumb], aligned]),
        np.concatenate([lengths[is_plumb], 0.15 * _lengths(aligned)]),
    )


def _drawn_segments(pixels: Pixels, lines: Sequence[TextLine], height: float) -> Ends:
    """Straight edges longer than letters, in and closely around the text (LSD: von Gioi et al., 2010)."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, _LSD_SIDE / max(gray.shape))
    if scale < 1:
        gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(gray)[0]
    if found is None:  # pyright: ignore[reportUnnecessaryComparison]  # no segment: None, whatever the stub says
        return np.zeros((0, 2, 2))
    ends = np.asarray(found, np.float64).reshape(-1, 2, 2) / scale
    ends = ends[_lengths(ends) > 2 * height]
    corners = np.concatenate([line.quad for line in lines])
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = np.maximum(0.12 * (high - low), 3 * height)
    middle = ends.mean(axis=1)
    return ends[np.all((middle > low - margin) & (middle < high + margin), axis=1)]


def _aligned_ends(lines: Sequence[TextLine], angle: float, height: float) -> Ends:
    """Segments between the ends of text lines that stand below each other, as columns have them."""
    rotation = _rotation(angle)
    found: list[Floats] = []
    for points in (np.array([line.start for line in lines]), np.array([line.end for line in lines])):
        level = points @ rotation.T
        order = np.argsort(level[:, 1])
        for rank, index in enumerate(order):
            below = order[rank + 1 : rank + 40]
            offsets = level[below] - level[index]
            near = (np.abs(offsets[:, 0]) < 0.2 * offsets[:, 1]) & (offsets[:, 1] > 1.2 * height)
            near &= (offsets[:, 1] < 6 * height) & (np.abs(offsets[:, 0]) < 0.8 * height)
            found += [np.array([points[index], points[other]]) for other in below[near][:2]]
    return np.array(found).reshape(-1, 2, 2)


def _rotation(angle: float) -> Floats:
    """Takes points on a line that falls by so many degrees to a level one."""
    turn = np.deg2rad(angle)
    return np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])


def _lengths(ends: Ends) -> Floats:
    return np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)


def _degrees(ends: Ends) -> Floats:
    across, down = (ends[:, 1] - ends[:, 0]).T
    return np.rad2deg(np.arctan2(down, across))


def _wrapped(degrees: Floats) -> Floats:
    """To -90..90: a segment has no head."""
    return (degrees + 90) % 180 - 90
