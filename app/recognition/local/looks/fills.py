"""The colour of the ground of cells, where it clearly differs from the table's paper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.evidence import Span
from app.recognition.local.fill import FilledCell

Floats = NDArray[np.float64]

_POINTS = 14
"""Along each side of a cell; the ground shows at most of them, letters at some."""
_MARGIN = 0.12
"""Share of a cell's side that is left out at each edge: rulings, and ground of the cell beside."""
_COMMON = 0.2
"""Share of a table's cells that its paper shows in at least."""
_DIFFERENT = 11.0
"""Gray levels of any channel by which a fill differs from the paper."""
_DARKER = 60.0
"""The same on a photograph."""
_LEVEL = 5.0
"""Gray levels between the halves of an even cell."""
_SAME = 9.0
"""Gray levels by which one colour differs from place to place."""
_EVEN = 0.55
"""Share of a cell's points that have its colour."""


def fills(pixels: Pixels, cells: Sequence[FilledCell], *, shaded: bool = False) -> dict[Span, str]:
    """The colours as #RRGGBB, as they would be on white paper; cells on the table's paper have none.

    ``pixels``: height × width × 3 (blue, green, red), level and with its own colours; ``shaded``: whether
    it is a photograph, whose shades would pass for light grays.
    """
    sampled = _samples(pixels, cells)
    grounds = np.median(sampled, axis=1)
    near = np.abs(sampled - grounds[:, None]).max(axis=2) <= _SAME
    paper = _paper(grounds, _SAME)
    differs = np.abs(grounds - paper).max(axis=1) >= (_DARKER if shaded else _DIFFERENT)
    filled = np.flatnonzero(differs & (near.mean(axis=1) >= _EVEN) & (_slope(sampled, grounds) <= _LEVEL))
    colours = _joined(np.clip(grounds[filled] * (255 / np.maximum(paper, 1)), 0, 255), _SAME)
    return {cells[i].place: _hex(colour) for i, colour in zip(filled.tolist(), colours, strict=True)}


def _samples(pixels: Pixels, cells: Sequence[FilledCell]) -> Floats:
    """cells × points × 3."""
    height, width = pixels.shape[:2]
    steps = np.linspace(_MARGIN, 1 - _MARGIN, _POINTS)
    corners = np.array([(cell.box.x0, cell.box.y0, cell.box.x1, cell.box.y1) for cell in cells])
    xs = corners[:, :1] + steps * (corners[:, 2:3] - corners[:, :1])
    ys = corners[:, 1:2] + steps * (corners[:, 3:] - corners[:, 1:2])
    columns = np.clip(xs, 0, width - 1).astype(int)[:, None, :]
    rows = np.clip(ys, 0, height - 1).astype(int)[:, :, None]
    return pixels[rows, columns].reshape(len(cells), -1, 3).astype(np.float64)


def _slope(sampled: Floats, grounds: Floats) -> Floats:
    """By how much the ground's level differs from side to side of each cell: what is printed is even, what is
    lit is not. Letters are left out."""
    is_ground = np.abs(sampled - grounds[:, None]).max(axis=2) <= 2 * _SAME
    gray = np.where(is_ground, sampled.mean(axis=2), np.nan).reshape(-1, _POINTS, _POINTS)
    half = _POINTS // 2
    halves = gray[:, :, :half], gray[:, :, half:], gray[:, :half], gray[:, half:]
    left, right, top, bottom = (np.nansum(h, axis=(1, 2)) / _count(h) for h in halves)
    return np.maximum(np.abs(left - right), np.abs(top - bottom))


def _count(levels: Floats) -> Floats:
    return np.maximum(1, np.isfinite(levels).sum(axis=(1, 2)))


def _paper(grounds: Floats, same: float) -> Floats:
    """The lightest colour that many cells have: stripes and headers are darker."""
    alike = np.abs(grounds[:, None] - grounds[None]).max(axis=2) <= same
    common = np.flatnonzero(alike.mean(axis=1) >= _COMMON)
    if not common.size:
        return np.median(grounds, axis=0)
    lightest = int(common[np.argmax(grounds[common].sum(axis=1))])
    return np.median(grounds[alike[lightest]], axis=0)


def _joined(colours: Floats, same: float) -> Floats:
    """Each replaced by the middle of those that are nearly the same as the first such one."""
    joined = colours.copy()
    free = np.ones(len(colours), bool)
    for i in range(len(colours)):
        if free[i]:
            alike = free & (np.abs(colours - colours[i]).max(axis=1) <= same)
            joined[alike] = np.median(colours[alike], axis=0)
            free &= ~alike
    return joined


def _hex(colour: Floats) -> str:
    blue, green, red = (round(level) for level in colour.tolist())
    return f"#{red:02X}{green:02X}{blue:02X}"
