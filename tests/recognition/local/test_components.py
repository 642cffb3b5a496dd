"""Connected pieces are the same as those of the whole mask."""

from __future__ import annotations

import cv2
import numpy as np

from app.recognition.local.components import Component, components


def test_empty_rows_change_nothing() -> None:
    random = np.random.default_rng(3)
    mask = np.zeros((90, 60), np.uint8)
    for top in (0, 20, 22, 50, 87):
        mask[top : top + 3] = random.random((3, 60)) < 0.4

    _, _, stats, centers = cv2.connectedComponentsWithStats(mask, connectivity=8)
    whole = {
        Component(x, y, width, height, area, round(center[1], 6))
        for (x, y, width, height, area), center in zip(stats[1:].tolist(), centers[1:].tolist(), strict=True)
    }

    found = [Component(c.x, c.y, c.width, c.height, c.area, round(c.middle, 6)) for c in components(mask)]
    assert len(found) == len(whole) > 20
    assert set(found) == whole


def test_nothing_is_found_in_an_empty_mask() -> None:
    assert list(components(np.zeros((20, 30), np.uint8))) == []
