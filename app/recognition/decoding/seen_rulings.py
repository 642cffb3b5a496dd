"""How much of a ruling that a document draws is to be seen: clip paths and later objects hide some."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Ruling

_LEAST_CONTRAST = 12
"""Grey levels between a ruling and its ground."""
_LEAST_SHARE = 0.2
"""Of a dashed ruling, about half is drawn; of a hidden one, what crosses it."""
_AROUND = 3


def seen_part(ruling: Ruling, pixels: Pixels) -> Ruling | None:
    """The ruling from the first to the last place where the page shows it; None where it is hidden."""
    upright = pixels if ruling.horizontal else pixels.transpose(1, 0, 2)
    height, width = upright.shape[:2]
    reach = ruling.thickness / 2 + _AROUND
    start, end = max(0, int(ruling.start)), min(width, int(np.ceil(ruling.end)))
    top, bottom = max(0, int(ruling.at - reach)), min(height, int(np.ceil(ruling.at + reach)))
    if start >= end or top >= bottom:
        return None
    band = upright[top:bottom, start:end].max(axis=2).astype(np.int16)
    low = upright[top:bottom, start:end].min(axis=2).astype(np.int16)
    depth = np.maximum(np.ptp(band, axis=0), np.ptp(low, axis=0))
    shown = np.flatnonzero(depth >= _LEAST_CONTRAST)
    if len(shown) < _LEAST_SHARE * len(depth):
        return None
    first, last = float(start + shown[0]), float(start + shown[-1] + 1)
    return replace(ruling, start=max(ruling.start, first), end=min(ruling.end, last))
