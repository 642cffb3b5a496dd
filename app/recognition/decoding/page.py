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
    """Working pixels per source pixel; below 1 when the page was shrunk on load, above 1 for a PDF page whose
    images are finer."""
    source_width: int
    source_height: int
    words: tuple[Word, ...] = ()
    """What the text layer of a PDF says where it can be seen; the page may hold more text than that."""
    fonts: tuple[str, ...] = ()
    """The name of the font of each of ``words``."""
    rulings: tuple[Ruling, ...] = ()
    """The vector rules of a PDF."""
    quarter_turns: int = 0
    """Counter-clockwise, that make the text layer level. ``words`` and ``rulings`` stand in working pixels
    after these turns, all else before them."""

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])
