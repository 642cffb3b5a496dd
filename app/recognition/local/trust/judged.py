"""What a cell's confidence is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.decoding.page import Pixels
from app.recognition.local.fill import FilledCell
from app.recognition.local.regions.region import Region
from app.recognition.local.structure.choice import Choice

UNKNOWN = float("nan")
"""Value of a feature that nothing was there to tell."""

Features = dict[str, float]
"""By name; UNKNOWN where there was no evidence."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A table before it is given out. Pixels of the prepared page."""

    region: Region
    choice: Choice
    cells: Sequence[FilledCell]
    """Of the chosen grid."""
    header_rows: int
    height: float
    """Character height."""
    pixels: Pixels | None = None
    """The prepared page; None where nobody looks at its ink."""
