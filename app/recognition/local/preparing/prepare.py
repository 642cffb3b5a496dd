"""From a page as it came to a page as recognition wants it, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.local.preparing.dark_areas import without_dark_areas
from app.recognition.local.preparing.flattening import flattening
from app.recognition.local.preparing.light import evened, has_flat_ground, is_light_on_dark
from app.recognition.local.preparing.orientation import Read, quarter_turns
from app.recognition.local.preparing.text_direction import Floats, Quad, elongated, text_angle, text_lines
from app.recognition.local.preparing.warp import Warp
from app.tables.geometry import Box

Detect = Callable[[Pixels], Sequence[Quad]]
"""Finds the text lines of an image: corners in pixels, in order around each line."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A page upright, level, flat and dark on light."""

    pixels: Pixels
    """The very page where there was nothing to do."""
    quads: tuple[Quad, ...] | None
    """The text lines in ``pixels``, where the search from before preparation still holds; else None."""
    skew_degrees: float
    """By how much the text fell to the right, after the quarter turns."""
    steps: tuple[str, ...]
    """What was done: turned, levelled, flattened, inverted, evened, whitened (dark areas)."""
    warp: Warp = field(repr=False)
    _coloured: Pixels | None = field(default=None, repr=False)

    @property
    def coloured(self) -> Pixels:
        """The same page with its dark areas as they are."""
        return self.pixels if self._coloured is None else self._coloured

    @property
    def quarter_turns(self) -> int:
        """Counter-clockwise, 0..3."""
        return self.warp.quarter_turns

    @property
    def is_moved(self) -> bool:
        """Whether anything stands elsewhere than on the page."""
        return self.warp.quarter_turns != 0 or self.warp.matrix is not None

    def to_source(self, points: Floats) -> Floats:
        """Prepared pixels (n, 2) → the page's working pixels."""
        return self.warp.to_page(points)

    def from_source(self, points: Floats) -> Floats:
        """The page's working pixels (n, 2) → prepared pixels."""
        return self.warp.to_prepared(points)

    def box_to_source(self, box: Box) -> Box:
        """The upright hull, in the page's working pixels, of a box in prepared pixels."""
        if not self.is_moved:
            return box
        return _hull(self.to_source(_outline(box)))

    def box_from_source(self, box: Box) -> Box:
        """The upright hull, in prepared pixels, of a box in the page's working pixels."""
        return _hull(self.from_source(_outline(box)))


def prepare(pixels: Pixels, detect: Detect, read: Read | None = None) -> Prepared:
    """Turns, levels, flattens, inverts and evens the page as far as it needs it.

    ``read`` is asked for a few lines to tell a page from one upside down; without it 0 and 90 degrees are
    taken for right. A clean page comes back as the same object.
    """
    quads = list(detect(pixels))
    height, width = pixels.shape[:2]
    warp = Warp(width, height)
    lines = text_lines(quads)
    if not elongated(lines):
        return _lit(Prepared(pixels, tuple(quads), 0.0, (), warp), quads)
    turns = quarter_turns(pixels, elongated(lines), read)
    if turns:
        warp = replace(warp, quarter_turns=turns)
        pixels = np.ascontiguousarray(np.rot90(pixels, turns))
        quads = list(detect(pixels))  # anew: lines that run up or down are found less well
        lines = text_lines(quads)
    upright = Prepared(pixels, tuple(quads), text_angle(lines), ("turned",) if turns else (), warp)
    return _lit(_flattened(upright, quads), quads)


def _flattened(upright: Prepared, quads: list[Quad]) -> Prepared:
    found = flattening(upright.pixels, quads, flat_ground=has_flat_ground(upright.pixels))
    if found is None:
        return upright
    warp = replace(upright.warp, matrix=found.surface.matrix, curl=found.surface.curl, origin=found.origin)
    return replace(
        upright,
        pixels=warp.render(upright.pixels, found.size),
        quads=None,
        steps=(*upright.steps, found.name),
        warp=warp,
    )


def _lit(prepared: Prepared, turned_quads: list[Quad]) -> Prepared:
    """``turned_quads``: the text lines after the quarter turns, before anything else."""
    whole = replace(prepared.warp, quarter_turns=0)
    quads = [whole.to_prepared(quad).astype(np.float32) for quad in turned_quads]
    if not quads:
        return prepared
    if is_light_on_dark(prepared.pixels, quads):
        prepared = _changed(prepared, np.asarray(255 - prepared.pixels, np.uint8), "inverted")
    if not has_flat_ground(prepared.pixels):
        prepared = _changed(prepared, evened(prepared.pixels, quads), "evened")
    coloured = prepared.pixels
    return replace(_changed(prepared, without_dark_areas(coloured, quads), "whitened"), _coloured=coloured)


def _changed(prepared: Prepared, pixels: Pixels, step: str) -> Prepared:
    """The same where the step had nothing to do."""
    if pixels is prepared.pixels:
        return prepared
    return replace(prepared, pixels=pixels, steps=(*prepared.steps, step))


def _outline(box: Box) -> Floats:
    """Points along the edges: a warped edge may bulge between its corners."""
    xs, ys = np.linspace(box.x0, box.x1, 5), np.linspace(box.y0, box.y1, 5)
    return np.array(
        [(x, y) for y in (box.y0, box.y1) for x in xs] + [(x, y) for x in (box.x0, box.x1) for y in ys]
    )


def _hull(points: Floats) -> Box:
    return Box(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())
