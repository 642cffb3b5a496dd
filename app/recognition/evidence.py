"""What can be read off a page before any table is known: words and rulings, for decoding and engines."""

from __future__ import annotations

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
