"""The one door to PDFium: its bindings carry no types, and the library is not thread-safe."""

from __future__ import annotations

import ctypes
import threading
from dataclasses import dataclass
from typing import Any

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]  # it has none
import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

raw: Any = pypdfium2.raw
"""PDFium's C functions as ctypes sees them."""

Document: Any = pypdfium2.PdfDocument
PdfiumError = pypdfium2.PdfiumError

LOCK = threading.RLock()
"""Hold it around every use of `raw` and `Document`."""

_STEPS_PER_UNIT = 64  # PDFium maps to whole device pixels only; asked on a finer device it keeps fractions


@dataclass(frozen=True, slots=True)
class PageToPixels:
    """The affine map from a PDF page's coordinates (y up, unrotated, crop box anywhere) to its pixels."""

    xx: float
    xy: float
    x0: float
    yx: float
    yy: float
    y0: float

    @classmethod
    def of(cls, page: Any, scale: float) -> PageToPixels:
        """``scale``: pixels per point of the render."""
        reach = 1000.0
        origin, right, up = (_device(page, x, y) for x, y in ((0, 0), (reach, 0), (0, reach)))
        return cls(
            (right[0] - origin[0]) / reach * scale,
            (up[0] - origin[0]) / reach * scale,
            origin[0] * scale,
            (right[1] - origin[1]) / reach * scale,
            (up[1] - origin[1]) / reach * scale,
            origin[1] * scale,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.xx * x + self.xy * y + self.x0, self.yx * x + self.yy * y + self.y0

    def corners(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 in pixels, in order."""
        ax, ay = self.point(left, bottom)
        bx, by = self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _device(page: Any, x: float, y: float) -> tuple[float, float]:
    """The point in points from the top left of the page as it is shown."""
    across, down = ctypes.c_int(), ctypes.c_int()
    size = (round(page.get_width() * _STEPS_PER_UNIT), round(page.get_height() * _STEPS_PER_UNIT))
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
    return across.value / _STEPS_PER_UNIT, down.value / _STEPS_PER_UNIT
