"""What the local engine sees on a prepared page before it knows any table. Pixels of the prepared page."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from app.tables.geometry import Box


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text on one text line without a wide gap in it."""

    text: str
    box: Box
    confidence: float = 1.0
    """0..1, mean character probability of the decoder; 1 for text from a PDF's text layer."""
    alternatives: tuple[str, ...] = ()
    """Other readings that the decoder held likely, best first."""
    char_edges: tuple[float, ...] = ()
    """x of the len(text) + 1 character boundaries, ascending; empty where the engine gave none."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line segment that separates cells, horizontal or vertical."""

    start: float
    """Smaller x of a horizontal, smaller y of a vertical segment."""
    end: float
    at: float
    """The y of a horizontal, the x of a vertical segment (its middle)."""
    horizontal: bool
    thickness: float = 1.0

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Span:
    """A spanning cell in a grid."""

    row: int
    col: int
    row_span: int
    col_span: int


@dataclass(frozen=True, slots=True)
class GridHypothesis:
    """One reading of a region's structure; a word belongs to the cell that holds its centre."""

    row_bounds: tuple[float, ...]
    """y of the rows + 1 boundaries, top to bottom."""
    col_bounds: tuple[float, ...]
    """x of the columns + 1 boundaries, left to right."""
    spans: tuple[Span, ...] = ()
    header_rows: int = 0
    source: str = ""
    """The evidence that it comes from: rulings, gaps, slanet …"""

    def __post_init__(self) -> None:
        for bounds in (self.row_bounds, self.col_bounds):
            if len(bounds) < 2 or any(a >= b for a, b in itertools.pairwise(bounds)):
                raise ValueError(f"grid boundaries must ascend: {bounds}")

    @property
    def rows(self) -> int:
        return len(self.row_bounds) - 1

    @property
    def cols(self) -> int:
        return len(self.col_bounds) - 1
