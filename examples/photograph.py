"""Makes a clean page look like a photograph of it: perspective, a curled sheet, shade, blur and grain."""

from __future__ import annotations

import cv2
import numpy as np


def photograph(page: np.ndarray) -> np.ndarray:
    """``page``: (h, w, 3) uint8. Returns the page lying on a desk, seen at an angle, a little larger."""
    height, width = page.shape[:2]
    margin = 60
    size = (width + 2 * margin, height + 2 * margin)
    across, down = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    seen = np.float32([[95, 60], [size[0] - 70, 95], [size[0] - 45, size[1] - 50], [50, size[1] - 85]])
    flat = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    points = np.stack([across, down], axis=-1).reshape(-1, 1, 2)
    source = cv2.perspectiveTransform(points, cv2.getPerspectiveTransform(seen, flat)).reshape(
        *across.shape, 2
    )
    curl = 7 * np.sin(source[..., 0] / width * np.pi) - 3
    photo = cv2.remap(
        page, source[..., 0], (source[..., 1] + curl).astype(np.float32), cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(96, 118, 140),
    )  # fmt: skip
    shade = 1.02 - 0.3 * (across / size[0]) - 0.12 * (down / size[1]) ** 2
    grain = np.random.default_rng(7).normal(0, 2.5, photo.shape)
    soft = cv2.GaussianBlur(photo, (0, 0), 0.7).astype(np.float64)
    return np.clip(soft * shade[..., None] + grain, 0, 255).astype(np.uint8)
