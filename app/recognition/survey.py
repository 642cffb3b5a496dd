"""What a quick look at a page tells, before anybody reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Survey:
    """How a page lies and how much text it holds."""

    quarter_turns: int = 0
    """Counter-clockwise, that bring its text upright, 0..3."""
    skew_degrees: float = 0.0
    """By which its text then falls to the right."""
    runs: int = 0
    """Pieces of text with a wide gap between them; about the filled cells of tables."""
    characters: int = 0
    """An estimate."""
    letter_height: float = 0.0
    """Usual height of a word's ink, as a share of the page's longer side; 0: not known."""
