"""Text lines by their axes, and what they tell of the direction of the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

Quad = Floats
"""(4, 2): the corners of a text line in order around it."""

Ends = Floats
"""(n, 2, 2): segment, end, x and y."""

Straighten = Callable[[Floats], Floats]
"""Takes points of the page (n, 2) to where rows are level."""

_ELONGATED = 2.0  # length over height from which a text line tells a direction
_SLIM = 16.0  # length over height from which a text line's own direction counts in full
_LINK_WEIGHT = 0.5  # of a link between two lines of a row, against a drawn line as long
_SAME_ROW = 0.5  # heights by which the middles of two lines in one row may differ, after levelling


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


def text_lines(quads: Sequence[Quad]) -> list[TextLine]:
    """The axes of the text lines: along their longer sides, ends left to right (top to bottom if steep)."""
    if not quads:
        return []
    corners = np.stack(quads).astype(np.float64)
    sides: Floats = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
    upright = sides[:, 0] + sides[:, 2] < sides[:, 1] + sides[:, 3]
    corners[upright] = np.roll(corners[upright], -1, axis=1)
    ends = np.stack([corners[:, 0] + corners[:, 3], corners[:, 1] + corners[:, 2]], axis=1) / 2
    run = ends[:, 1] - ends[:, 0]
    steep = np.abs(run[:, 1]) > np.abs(run[:, 0])
    backwards = np.where(steep, run[:, 1], run[:, 0]) < 0
    ends[backwards] = ends[backwards, ::-1]
    short: Floats = np.where(upright, sides[:, 0] + sides[:, 2], sides[:, 1] + sides[:, 3]) / 2
    heights: list[float] = short.tolist()
    return [
        TextLine(start, end, height, quad)
        for (start, end), height, quad in zip(ends, heights, quads, strict=True)
    ]


def elongated(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines that are long enough to tell a direction."""
    return [line for line in lines if line.length >= _ELONGATED * line.height]


def text_angle(lines: Sequence[TextLine]) -> float:
    """Degrees by which the text falls to the right (positive) or rises.

    The median, by length squared, over the lines themselves and over the links between neighbours in a row:
    text detection returns short lines as upright boxes, but sets their middles right.
    """
    if not elongated(lines):
        return 0.0
    axes, axis_weights = own_axes(lines)
    rough = _median_degrees(axes, axis_weights)
    links, link_weights = row_links(lines, lambda points: points @ rotation(rough).T)
    weights = np.concatenate([axis_weights, link_weights])
    return _median_degrees(np.concatenate([axes, links]), np.square(weights))


def own_axes(lines: Sequence[TextLine]) -> tuple[Ends, Floats]:
    """The axes of the elongated lines; their weights grow with the line's length and with its slimness."""
    long = elongated(lines)
    ends = np.array([[line.start, line.end] for line in long])
    slimness = np.array([min(1.0, line.length / line.height / _SLIM) for line in long])
    return ends, np.array([line.length for line in long]) * slimness**2


def row_links(lines: Sequence[TextLine], straighten: Straighten) -> tuple[Ends, Floats]:
    """From the middle of each line to that of its next neighbour in the row, with weights."""
    middles = np.array([line.quad.mean(axis=0) for line in lines])
    level = straighten(middles)
    heights = np.array([line.height for line in lines])
    found: list[Floats] = []
    for index in range(len(lines)):
        across, down = (level - level[index]).T
        beside = (across > heights[index]) & (np.abs(down) < 0.3 * across)
        beside &= np.abs(down) < _SAME_ROW * np.minimum(heights, heights[index])
        if beside.any():
            nearest = int(np.argmin(np.where(beside, across, np.inf)))
            found.append(np.array([middles[index], middles[nearest]]))
    links = np.array(found).reshape(-1, 2, 2)
    return links, _LINK_WEIGHT * lengths(links)


def _median_degrees(ends: Ends, weights: Floats) -> float:
    angles = degrees(ends)
    order = np.argsort(angles)
    reached = np.cumsum(weights[order])
    return float(angles[order][np.searchsorted(reached, reached[-1] / 2)])


def rotation(angle: float) -> Floats:
    """Takes points on a line that falls by so many degrees to a level one."""
    turn = np.deg2rad(angle)
    return np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])


def lengths(ends: Ends) -> Floats:
    """Of each segment, in pixels."""
    return np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)


def degrees(ends: Ends) -> Floats:
    """By which each segment falls from its first to its second end, -180..180."""
    across, down = (ends[:, 1] - ends[:, 0]).T
    return np.rad2deg(np.arctan2(down, across))


def wrapped(degrees: Floats) -> Floats:
    """To -90..90: a segment has no head."""
    return (degrees + 90) % 180 - 90
