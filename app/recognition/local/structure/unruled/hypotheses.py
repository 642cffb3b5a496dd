"""Readings of a table region whose rulings do not draw the whole grid, and the choice among them."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.decoding.page import Pixels
from app.recognition.local.evidence import GridHypothesis, Ruling, Word
from app.recognition.local.structure.unruled.anchoring import anchor
from app.recognition.local.structure.unruled.gaps import from_gaps
from app.recognition.local.structure.unruled.scorer import score
from app.recognition.local.structure.unruled.slanet import Slanet
from app.tables.geometry import Box

_DOUBT = {"gaps": 0.25, "gaps+slanet": 0.1}
"""What a source must be better by, to be preferred to the network: gaps are made to please the scorer."""


def hypotheses(
    words: Sequence[Word],
    pixels: Pixels,
    box: Box,
    rulings: Sequence[Ruling],
    slanet: Slanet | None = None,
) -> list[GridHypothesis]:
    """Every reading of the region, best first; empty without words.

    ``pixels`` is the whole prepared page (height × width × 3, BGR), ``words`` and ``rulings`` those inside
    ``box``, all in pixels of that page. Without ``slanet`` its hypotheses are not offered.
    """
    seen = _structure(words, pixels, box, slanet)
    found = [seen, from_gaps(words, box, rulings)]
    if seen:
        found.append(from_gaps(words, box, rulings, proposal=seen))
    if rulings:
        found.append(from_gaps(words, box, ()))
    kept = [hypothesis for hypothesis in found if hypothesis]
    return sorted(kept, key=lambda grid: _worth(grid, words, rulings), reverse=True)


def best(
    words: Sequence[Word],
    pixels: Pixels,
    box: Box,
    rulings: Sequence[Ruling],
    slanet: Slanet | None = None,
) -> GridHypothesis | None:
    """The most likely reading, None without words."""
    return next(iter(hypotheses(words, pixels, box, rulings, slanet)), None)


def _worth(grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling]) -> float:
    return score(grid, words, rulings) - _DOUBT.get(grid.source, 0.0)


def _structure(
    words: Sequence[Word], pixels: Pixels, box: Box, slanet: Slanet | None
) -> GridHypothesis | None:
    if slanet is None or not words:
        return None
    left, top = max(0, int(box.x0)), max(0, int(box.y0))
    crop = pixels[top : int(box.y1) + 1, left : int(box.x1) + 1]
    structure = slanet.read(crop) if crop.size else None
    if structure is None or not structure.complete:
        return None
    return anchor(structure.moved(left, top), words, box)
