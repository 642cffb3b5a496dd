"""Readings of a table region whose rulings do not draw the whole grid, and the choice among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.decoding.page import Pixels
from app.recognition.local.evidence import GridHypothesis, Ruling, Word
from app.recognition.local.structure.unruled.doubled import with_parted_rows
from app.recognition.local.structure.unruled.gaps import from_gaps
from app.recognition.local.structure.unruled.groups import with_groups
from app.recognition.local.structure.unruled.labels import with_labels
from app.recognition.local.structure.unruled.lines import character_height
from app.recognition.local.structure.unruled.network import from_network
from app.recognition.local.structure.unruled.recutting import recut
from app.recognition.local.structure.unruled.scorer import score
from app.recognition.local.structure.unruled.sections import with_sections
from app.recognition.local.structure.unruled.slanet import Slanet
from app.tables.geometry import Box

_DOUBT = {"gaps": 0.4, "gaps+slanet": 0.2, "gaps+rulings": 1.0}
"""What a source must be better by, to be preferred to the network: gaps are made to please the scorer."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A reading and what the scorer gives it."""

    grid: GridHypothesis
    score: float


def hypotheses(
    words: Sequence[Word],
    pixels: Pixels,
    box: Box,
    rulings: Sequence[Ruling],
    slanet: Slanet | None = None,
) -> list[Scored]:
    """Every reading of the region, best first, those of a single row last; empty without words.

    ``pixels`` is the whole prepared page (height × width × 3, BGR), ``words`` and ``rulings`` those inside
    ``box``, all in pixels of that page. Without ``slanet`` its hypotheses are not offered.
    """
    gaps = from_gaps(words, box, rulings)
    if gaps is None:
        return []
    found = [gaps]
    if rulings:
        others = from_gaps(words, box, ()), from_gaps(words, box, rulings, rows_by_rulings=True)
        found += [grid for grid in others if grid]
    seen = from_network(slanet, words, pixels, box, gaps) if slanet else None
    height = character_height(words)
    if seen:
        mixed = from_gaps(words, box, rulings, proposal=seen)
        found += [seen, mixed] if mixed else [seen]
    cut = (recut(grid, words, rulings, height) for grid in found)
    parted = (with_parted_rows(grid, words, height) for grid in cut)
    whole = (with_sections(grid, words, rulings, height) for grid in parted)
    level = (with_labels(grid, words, rulings, height) for grid in whole)
    scored = [
        Scored(with_groups(grid, words, rulings, height), score(grid, words, rulings)) for grid in level
    ]
    return sorted(scored, key=_worth, reverse=True)


def best(
    words: Sequence[Word],
    pixels: Pixels,
    box: Box,
    rulings: Sequence[Ruling],
    slanet: Slanet | None = None,
) -> GridHypothesis | None:
    """The most likely reading, None without words."""
    return next((found.grid for found in hypotheses(words, pixels, box, rulings, slanet)), None)


def _worth(found: Scored) -> tuple[bool, float]:
    return found.grid.rows > 1, found.score - _DOUBT.get(found.grid.source, 0.0)
