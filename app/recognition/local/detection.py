"""Text detection: PP-OCRv6-small's network and DB post-processing (Liao et al. 2020, arXiv:1911.08947).

The network sees the image at a scale that brings its letters to the height that it is best at, so an image
costs about as much as it has text. Large images go through it in overlapping bands: memory stays flat.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.networks import Floats, Network

RULE = "letters 13 or 15.5, margin 16, fine 2, bands"
"""Changes with what this module finds: kept answers of older rules are no answers of this one."""
_LONGEST = 2000
"""Longest side, in pixels, of what the network sees, unless letters would be too small then."""
_MOST_PIXELS = 8e6
"""Of what the network sees of a long image."""
_LETTER, _TINY_LETTER = 13.0, 15.5
"""Heights, in pixels, that the network's letters are brought to, where that means to enlarge them: more for
those below _TINY, of which it loses lines otherwise; less is a third less work."""
_TINY = 9.0
_MOST_ENLARGED = 2.0
_FEWEST_LETTERS = 5
_LEAST_LETTER = 4
"""Pixels; what is lower is a dot or a speck."""
_MARGIN = 16
"""Pixels around the image: letters that touch its edge are found too."""
_STRIDE = 32
"""Sides of what the network sees are multiples of this."""
_BAND_PIXELS = 1_100_000
"""The network takes half a kilobyte for each."""
_OVERLAP = 64
_FINE = 2
"""Edges of text are found on the network's map enlarged so much, between its pixels."""
_MOST_LINES = 5000
_LEAST_CONTRAST = 4
"""Levels of 255 between the darkest and the lightest pixel of an image that is not blank."""


class TextDetector:
    """Finds text lines; one instance a process."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._lines_of: Any = importlib.import_module("rapidocr.ch_ppocr_det.utils").DBPostProcess(
            thresh=0.3, box_thresh=0.5, max_candidates=_MOST_LINES, unclip_ratio=1.6, use_dilation=True
        )
        self._lines_of.min_size = 3 * _FINE

    def __call__(self, pixels: Pixels) -> Floats:
        """BGR image → n × 4 × 2 corners of text lines in its pixels, clipped to it."""
        height, width = pixels.shape[:2]
        scale = detection_scale(pixels)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        likely = self._map(_padded(_resized(pixels, size)))
        finer = cv2.resize(likely, None, fx=_FINE, fy=_FINE, interpolation=cv2.INTER_LINEAR)
        places = 2 * finer.shape[0], 2 * finer.shape[1]  # found as whole numbers
        boxes, _ = self._lines_of(finer[np.newaxis, np.newaxis], places)
        corners = np.asarray(boxes, np.float32).reshape(-1, 4, 2) / (2 * _FINE) - _MARGIN
        sides = np.array([width, height], np.float32)
        return np.clip(corners / size * sides, 0, sides).astype(np.float32)

    def _map(self, image: Pixels) -> Floats:
        """How likely each pixel lies within text, 0..1."""
        bands = [(seen, told) for seen, told in _bands(*image.shape[:2]) if not _is_blank(image[seen])]
        found = np.zeros(image.shape[:2], np.float32)
        for seen, told in bands:
            (answer,) = self._network.answers(_input(image[seen]))
            found[told] = answer[0, 0, told.start - seen.start : told.stop - seen.start]
        if image.shape[0] * image.shape[1] > _BAND_PIXELS:
            self._network.release()
        return found


def detection_scale(pixels: Pixels) -> float:
    """How much the network's image is larger than this one; below 1 for what is too large."""
    height, width = pixels.shape[:2]
    letters = _letter_heights(pixels)
    usual = float(np.median(letters)) if len(letters) >= _FEWEST_LETTERS else 0.0
    wanted = (_LETTER if usual >= _TINY else _TINY_LETTER) / max(usual, 1.0)
    whole = _LONGEST / max(height, width)
    legible = min(1.0, wanted, math.sqrt(_MOST_PIXELS / (height * width))) if usual else whole
    return max(min(max(1.0, min(_MOST_ENLARGED, wanted)), whole), legible)


def _is_blank(image: Pixels) -> bool:
    """Nothing to find, where the network sees specks."""
    return int(image.max()) - int(image.min()) < _LEAST_CONTRAST


def _letter_heights(pixels: Pixels) -> NDArray[np.int32]:
    """Heights, in pixels, of the connected strokes that are shaped like letters."""
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    contrast = np.asarray(cv2.absdiff(gray, cv2.blur(gray, (31, 31))), np.uint8)
    _, ink = cv2.threshold(contrast, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(ink, np.uint8), connectivity=8)
    widths, heights, areas = stats[1:, 2], stats[1:, 3], stats[1:, 4]
    shaped = (widths < 4 * heights) & (heights < 8 * widths) & (areas >= 0.1 * widths * heights)
    sized = (heights >= _LEAST_LETTER) & (heights < gray.shape[0] / 3)
    return np.asarray(heights[shaped & sized], np.int32)


def _resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    larger = size[0] > pixels.shape[1]
    how = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def _padded(image: Pixels) -> Pixels:
    """Its edges drawn out: a margin each way, and more to the right and below up to the stride."""
    height, width = image.shape[:2]
    below, right = (-(side + 2 * _MARGIN) % _STRIDE + _MARGIN for side in (height, width))
    return np.asarray(
        cv2.copyMakeBorder(image, _MARGIN, below, _MARGIN, right, cv2.BORDER_REPLICATE), np.uint8
    )


def _bands(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    """Rows to look at, all bands as high, and the rows among them to tell of."""
    count = math.ceil(height * width / _BAND_PIXELS)
    step = math.ceil(height / count / _STRIDE) * _STRIDE
    seen = min(height, step + 2 * _OVERLAP if count > 1 else step)
    for start in range(0, height, step):
        first = min(max(0, start - _OVERLAP), height - seen)
        yield slice(first, first + seen), slice(start, min(height, start + step))


def _input(image: Pixels) -> Floats:
    """1 × 3 × height × width, scaled to -1..1."""
    scaled = image.astype(np.float32) / 127.5 - 1
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))[np.newaxis]
