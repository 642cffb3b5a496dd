"""What the local engine sees on a prepared page before it knows any table. Pixels of the prepared page."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from app.recognition.evidence import Ruling, Word

__all__ = ["GridHypothesis", "Ruling", "Span", "Word"]


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
