"""Evidence of what is level and what is plumb on a page: text lines, rulings, edges of the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.preparing.text_direction import (
    Ends,
    Floats,
    Quad,
    Straighten,
    TextLine,
    degrees,
    elongated,
    lengths,
    own_axes,
    rotation,
    row_links,
    text_angle,
    wrapped,
)

_LSD_SIDE = 1800  # pixels of the longer side that segments are searched on
_TOLERANCE = 20.0  # degrees that a segment may differ from the text's direction or its perpendicular
_ASIDE = 0.2  # heights of a text line from a segment at which the ground beside it is looked at
_LIKE, _LEAST_LEVELS = 0.2, 15.0  # share, and grey levels, by which one ground may differ from another
_ALIGNED_WEIGHT = 0.15  # of a link between the ends of two lines in a column, against a drawn line as long


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Segments that should be level or plumb, each with a weight (pixels of length that it counts for)."""

    level: Ends
    level_weights: Floats
    plumb: Ends
    plumb_weights: Floats


def page_evidence(pixels: Pixels, lines: Sequence[TextLine]) -> Evidence:
    """What the text lines, the alignment of their ends, rulings and edges tell; no links along rows yet."""
    angle = text_angle(lines)
    height = float(np.median([line.height for line in lines]))
    drawn = _drawn_segments(pixels, lines, height)
    long = lengths(drawn)
    turned = degrees(drawn) - angle
    is_level = np.abs(wrapped(turned)) < _TOLERANCE
    is_plumb = (np.abs(wrapped(turned - 90)) < _TOLERANCE) & (long > 2.5 * height)
    axes, axis_weights = own_axes(lines)
    aligned = _aligned_ends(elongated(lines), angle, height)
    return Evidence(
        np.concatenate([axes, drawn[is_level]]),
        np.concatenate([axis_weights, long[is_level]]),
        np.concatenate([drawn[is_plumb], aligned]),
        np.concatenate([long[is_plumb], _ALIGNED_WEIGHT * lengths(aligned)]),
    )


def with_links(evidence: Evidence, lines: Sequence[TextLine], straighten: Straighten) -> Evidence:
    """The evidence and the links along rows, as rows are seen after ``straighten``."""
    links, weights = row_links(lines, straighten)
    return replace(
        evidence,
        level=np.concatenate([evidence.level, links]),
        level_weights=np.concatenate([evidence.level_weights, weights]),
    )


def _drawn_segments(pixels: Pixels, lines: Sequence[TextLine], height: float) -> Ends:
    """Straight edges on the paper, longer than letters (LSD: von Gioi et al., 2010)."""
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    scale = min(1.0, _LSD_SIDE / max(gray.shape))
    if scale < 1:
        gray = np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(gray)[0]
    if found is None:  # pyright: ignore[reportUnnecessaryComparison]  # no segment: None, whatever the stub says
        return np.zeros((0, 2, 2))
    ends = np.asarray(found, np.float64).reshape(-1, 2, 2)
    ends = ends[lengths(ends) > 2 * height * scale]
    quads = np.array([line.quad for line in lines], np.float64) * scale
    near = _around(ends, quads, height * scale)
    return ends[near][_on_paper(gray, ends[near], quads, height * scale)] / scale


def _around(ends: Ends, quads: Floats, height: float) -> NDArray[np.bool_]:
    """Which segments stand within or closely around the text."""
    low, high = quads.min(axis=(0, 1)), quads.max(axis=(0, 1))
    margin = np.maximum(0.12 * (high - low), 3 * height)
    middle = ends.mean(axis=1)
    return np.all((middle > low - margin) & (middle < high + margin), axis=1)


def _on_paper(gray: NDArray[np.uint8], ends: Ends, quads: Floats, height: float) -> NDArray[np.bool_]:
    """Which segments have, on one side at least, the ground of the text line next to them. Rulings, edges of
    coloured cells and of the paper do; the grain of a desk does not."""
    along = (ends[:, 1] - ends[:, 0]) / lengths(ends)[:, None]
    aside = np.stack([-along[:, 1], along[:, 0]], axis=-1) * max(2.0, _ASIDE * height)
    shares = np.linspace(0.1, 0.9, 5)[:, None]
    points = ends[:, None, 0] + shares * (ends[:, None, 1] - ends[:, None, 0])
    sides = np.stack([points + aside[:, None], points - aside[:, None]], axis=1)
    x, y = (np.clip(sides[..., i].astype(int), 0, gray.shape[1 - i] - 1) for i in (0, 1))
    levels = np.median(gray[y, x], axis=-1)
    middles, grounds = quads.mean(axis=1), np.array([_ground(gray, quad) for quad in quads])
    next_to = np.array(
        [np.argmin(np.sum(np.square(middles - middle), axis=1)) for middle in ends.mean(axis=1)], int
    )
    ground = grounds[next_to][:, None]
    return np.any(np.abs(levels - ground) < np.maximum(_LEAST_LEVELS, _LIKE * ground), axis=1)


def _ground(gray: NDArray[np.uint8], quad: Quad) -> float:
    """The usual grey level in a text line's box: ink is the smaller part."""
    (x0, y0), (x1, y1) = np.maximum(0, quad.min(axis=0)).astype(int), quad.max(axis=0).astype(int)
    box = gray[y0 : y1 + 1, x0 : x1 + 1]
    return float(np.median(box)) if box.size else 255.0


def _aligned_ends(lines: Sequence[TextLine], angle: float, height: float) -> Ends:
    """Segments between the ends of text lines that stand below each other, as columns have them."""
    turn = rotation(angle).T
    found: list[Floats] = []
    for points in (np.array([line.start for line in lines]), np.array([line.end for line in lines])):
        level = points @ turn
        order = np.argsort(level[:, 1])
        for rank, index in enumerate(order):
            below = order[rank + 1 : rank + 40]
            offsets = level[below] - level[index]
            near = (np.abs(offsets[:, 0]) < 0.2 * offsets[:, 1]) & (offsets[:, 1] > 1.2 * height)
            near &= (offsets[:, 1] < 6 * height) & (np.abs(offsets[:, 0]) < 0.8 * height)
            found += [np.array([points[index], points[other]]) for other in below[near][:2]]
    return np.array(found).reshape(-1, 2, 2)
