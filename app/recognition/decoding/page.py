"""One decoded page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.recognition.evidence import Ruling, Word

Pixels = npt.NDArray[np.uint8]
"""(height, width, 3) in OpenCV's channel order: blue, green, red."""

Points = npt.NDArray[np.floating[Any]]
"""(n, 2): x, y; origin top left."""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page of a source image, upright as a viewer shows it, ready to be worked on.

    *Working pixels* are those of ``pixels``. *Source pixels* are those of the image as a viewer shows it
    (EXIF orientation applied); for a PDF page they are 1/200 inch.
    """

    number: int
    """From 1."""
    count: int
    """Pages of the source image."""
    pixels: Pixels
    scale: float
    """Working pixels per source pixel; below 1 when the page was shrunk on load, never above 1."""
    source_width: int
    source_height: int
    words: tuple[Word, ...] = ()
    """The text layer of a PDF in working pixels; empty where there is none or it may not be whole."""
    rulings: tuple[Ruling, ...] = ()
    """The vector rules of a PDF in working pixels."""

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])
