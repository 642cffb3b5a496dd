"""What can be read off a page before any table is known: words and rulings, for decoding and engines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.tables.geometry import Box


@dataclass(frozen=True, slots=True)
class Rival:
    """Another reading of one place in a text: ``text`` for the characters ``start`` to ``end`` (exclusive).

    An empty ``text`` drops the character, ``start == end`` puts one in between.
    """

    start: int
    end: int
    text: str
    probability: float
    """0..1, what the decoder gave it where it gave the reading more."""

    def applied(self, text: str) -> str:
        """``text`` with this place read the other way."""
        return text[: self.start] + self.text + text[self.end :]


def rivals_within(rivals: Iterable[Rival], start: int, end: int) -> tuple[Rival, ...]:
    """The rivals of the characters ``start`` to ``end`` (exclusive), counted from ``start``."""
    return tuple(
        replace(rival, start=rival.start - start, end=rival.end - start)
        for rival in rivals
        if start <= rival.start and rival.end <= end
    )


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text on one text line without a wide gap in it."""

    text: str
    box: Box
    confidence: float = 1.0
    """0..1, mean character probability of the decoder; for text from a PDF's text layer how well it was
    compared with the page."""
    alternatives: tuple[str, ...] = ()
    """Other readings that the decoder held likely, best first."""
    char_edges: tuple[float, ...] = ()
    """x of the len(text) + 1 character boundaries, ascending; empty where the engine gave none."""
    rivals: tuple[Rival, ...] = ()
    """The decoder's other readings of single places of the text, likeliest first."""
    raw_text: str | None = None
    """What was read before a repair; None: the text stands as it was read."""


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
