"""Statistics of images in whole gray levels, by counting: many times as fast as sorting."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels


def level_at(gray: Pixels, share: float) -> int:
    """The least level, 0..255, that at least ``share`` of the pixels do not exceed; 0 without pixels."""
    images: Sequence[NDArray[np.uint8]] = [np.ascontiguousarray(gray).reshape(-1, 1)]
    counts = cv2.calcHist(images, [0], None, [256], [0, 256]).ravel()
    return int(np.searchsorted(np.cumsum(counts), share * gray.size)) if gray.size else 0


def strongest_channel(pixels: Pixels) -> Pixels:
    """height × width × 3 → the largest of each pixel's values."""
    blue, green, red = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)
