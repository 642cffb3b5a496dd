"""The way from a page to its prepared pixels and back."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.local.preparing.curl import Curl
from app.recognition.local.preparing.perspective import Matrix, transform
from app.recognition.local.preparing.text_direction import Floats

_STEP = 8  # pixels between the points at which the way back is computed exactly
_BAND = 32 * _STEP  # rows that are rendered at a time


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """First quarter turns, then a homography, then the curl's shift, then the cut-out.

    Points are continuous: the middle of the first pixel is (0.5, 0.5).
    """

    width: int
    height: int
    """Of the page, in pixels."""
    quarter_turns: int = 0
    """Counter-clockwise, 0..3."""
    matrix: Matrix | None = None
    curl: Curl | None = None
    origin: tuple[float, float] = (0.0, 0.0)
    """The top left corner of the cut-out."""

    def to_prepared(self, points: Floats) -> Floats:
        """Page pixels (n, 2) → prepared pixels."""
        moved = self._turned(np.asarray(points, np.float64))
        if self.matrix is not None:
            moved = transform(self.matrix, moved)
        if self.curl is not None:
            moved = self.curl.flatten(moved)
        return moved - self.origin

    def to_page(self, points: Floats) -> Floats:
        """Prepared pixels (n, 2) → page pixels."""
        return self._turned_back(self._to_turned(np.asarray(points, np.float64)))

    def render(self, turned: Pixels, size: tuple[int, int]) -> Pixels:
        """The prepared pixels, (height, width) = ``size``; ``turned``: the page after its quarter turns.

        Beyond the page lies the usual colour of its edges: its last pixels drawn out would look like rulings.
        """
        edges = np.concatenate([turned[0], turned[-1], turned[:, 0], turned[:, -1]])
        beyond = [float(level) for level in np.median(edges, axis=0)]
        flat = np.empty((*size, 3), np.uint8)
        for top in range(0, size[0], _BAND):  # so that no map is ever as large as the page
            rows = min(_BAND, size[0] - top)
            across, down = self._map(top, rows, size[1])
            flat[top : top + rows] = cv2.remap(
                turned, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=beyond
            )
        return flat

    def _map(self, top: int, rows: int, width: int) -> tuple[Floats, Floats]:
        """The x and y, in the turned page, of the pixels of so many prepared rows, each (rows, width)."""
        across, down = np.arange(-(-width // _STEP) + 1) * _STEP, np.arange(-(-rows // _STEP) + 1) * _STEP
        points = np.stack(np.meshgrid(across, top + down), axis=-1)
        coarse = (self._to_turned(points + 0.5) - 0.5).astype(np.float32)
        # an affine resize that keeps coarse point (i, j) on fine pixel (i · step, j · step)
        spread = np.array([[_STEP, 0, 0], [0, _STEP, 0]], np.float32)
        x, y = (
            cv2.warpAffine(
                np.ascontiguousarray(coarse[..., axis]), spread, (width, rows), flags=cv2.INTER_LINEAR
            )
            for axis in (0, 1)
        )
        return np.asarray(x, np.float32), np.asarray(y, np.float32)

    def _to_turned(self, points: Floats) -> Floats:
        moved = points + self.origin
        if self.curl is not None:
            moved = self.curl.bend(moved)
        return moved if self.matrix is None else transform(np.linalg.inv(self.matrix), moved)

    def _turned(self, points: Floats) -> Floats:
        x, y = points[..., 0], points[..., 1]
        ways = ((x, y), (y, self.width - x), (self.width - x, self.height - y), (self.height - y, x))
        return np.stack(ways[self.quarter_turns], axis=-1)

    def _turned_back(self, points: Floats) -> Floats:
        x, y = points[..., 0], points[..., 1]
        ways = ((x, y), (self.width - y, x), (self.width - x, self.height - y), (y, self.height - x))
        return np.stack(ways[self.quarter_turns], axis=-1)
