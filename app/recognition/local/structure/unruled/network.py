"""SLANet's reading of a region, in one piece or, for tables longer than its decoder, in bands of rows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from app.recognition.decoding.page import Pixels
from app.recognition.local.evidence import GridHypothesis, Span, Word
from app.recognition.local.structure.unruled.anchoring import anchor
from app.recognition.local.structure.unruled.lines import character_height
from app.recognition.local.structure.unruled.own_lines import with_own_lines
from app.recognition.local.structure.unruled.slanet import MOST_STEPS, SIDE, Slanet
from app.recognition.local.structure.unruled.tags import Structure
from app.tables.geometry import Box, hull

_MARGIN = 0.9
"""Around the words, in character heights: with more or less paper the network reads clearly worse."""
_SMALLEST = 3.2
"""Height of characters, in pixels of the network's square, below which rows run into one another."""
_ROOM = 0.7
"""Share of the decoder's steps that a band may need, by a guess from the gaps' grid."""


def from_network(
    slanet: Slanet, words: Sequence[Word], pixels: Pixels, box: Box, gaps: GridHypothesis
) -> GridHypothesis | None:
    """The network's grid of ``words`` in the whole page ``pixels`` (BGR); None where it finds none.

    ``gaps`` says where a table may be cut that is too long or too finely set to be read at once; None, too,
    where its bands do not agree on the columns.
    """
    if not _is_small(words):
        structure = _read(slanet, words, pixels)
        if structure is None or structure.complete:
            return _anchored(structure, words, box) if structure else None
    grids = [_band(slanet, words, pixels, band) for band in _bands(gaps, box)]
    found = [grid for grid in grids if grid is not None]
    if len(found) < len(grids) or len({grid.cols for grid in found}) > 1:
        return None
    return _stacked(found)


def _is_small(words: Sequence[Word]) -> bool:
    """True where the whole table's characters are too small in the square that the network sees."""
    around = hull(word.box for word in words)
    longest = max(around.width, around.height) if around else 0.0
    return longest > 0 and SIDE * character_height(words) / longest < _SMALLEST


def _read(slanet: Slanet, words: Sequence[Word], pixels: Pixels) -> Structure | None:
    """The structure around the words, its boxes in pixels of the page."""
    around = hull(word.box for word in words)
    if around is None:
        return None
    margin = _MARGIN * character_height(words)
    left, top = max(0, int(around.x0 - margin)), max(0, int(around.y0 - margin))
    crop = pixels[top : int(around.y1 + margin) + 1, left : int(around.x1 + margin) + 1]
    return slanet.read(crop).moved(left, top) if crop.size else None


def _bands(gaps: GridHypothesis, box: Box) -> list[Box]:
    """The region in as few bands of whole rows as the decoder has steps for."""
    steps = gaps.rows * (gaps.cols + 2)
    count = min(gaps.rows, max(2, math.ceil(steps / (_ROOM * MOST_STEPS))))
    cuts = [gaps.row_bounds[round(i * gaps.rows / count)] for i in range(count + 1)]
    return [Box(box.x0, top, box.x1, bottom) for top, bottom in itertools.pairwise(cuts)]


def _band(slanet: Slanet, words: Sequence[Word], pixels: Pixels, band: Box) -> GridHypothesis | None:
    inside = [word for word in words if band.y0 <= word.box.center[1] < band.y1]
    structure = _read(slanet, inside, pixels)
    return _anchored(structure, inside, band) if structure and structure.complete else None


def _anchored(structure: Structure, words: Sequence[Word], box: Box) -> GridHypothesis | None:
    grid = anchor(structure, words, box)
    return with_own_lines(grid, words, character_height(words)) if grid else None


def _stacked(bands: Sequence[GridHypothesis]) -> GridHypothesis:
    """One grid of bands with equally many columns, top to bottom."""
    rows: list[float] = [bands[0].row_bounds[0]]
    spans: list[Span] = []
    for band in bands:
        first = len(rows) - 1
        spans += [replace(span, row=span.row + first) for span in band.spans]
        for y in band.row_bounds[1:]:
            rows.append(max(y, rows[-1] + 1e-3))
    cols: list[float] = []
    for places in zip(*(band.col_bounds for band in bands), strict=True):
        cols.append(max(median(places), cols[-1] + 1e-3) if cols else median(places))
    return GridHypothesis(tuple(rows), tuple(cols), tuple(spans), bands[0].header_rows, bands[0].source)
