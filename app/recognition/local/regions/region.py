"""What a table region is."""

from __future__ import annotations

from dataclasses import dataclass

from app.recognition.evidence import Ruling, Word
from app.tables.geometry import Box


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that holds one table. Pixels of the prepared page."""

    box: Box
    words: tuple[Word, ...]
    """The words of the grid, captions and notes left out."""
    rulings: tuple[Ruling, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    unread: tuple[Box, ...] = ()
    """Ink that could not be read."""
