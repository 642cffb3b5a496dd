"""However an image lies, is lit or is large: the same table, its cells where they stand in the image."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.engine import Recognition, SourceImage
from app.recognition.local.pipeline import LocalRecognizer
from app.tables.geometry import Box
from tests.support.drawing import table
from tests.support.photograph import Camera, photograph
from tests.support.tables import Look, draw, places, texts

Recognize = Callable[[Pixels], Recognition]
Seen = Callable[[np.ndarray], np.ndarray]
"""Takes points (n, 2) of the drawing to those of the image."""

STOCK = table(
    "Article | Amount | Price | Stock",
    "Copper wire | metre | 3.20 | 140",
    "Steel plate | kilogram | 11.75 | 2,300",
    "Timber beam | piece | 48.00 | 360",
    "Roof tile | piece | 10.95 | 5,150",
    header_rows=1,
)
MARGIN = 60


def assert_found(recognition: Recognition, look: Look, seen: Seen) -> None:
    """One table, all its texts, and each cell's box close around the cell in the image."""
    assert [texts(found.table) for found in recognition.tables] == [texts(STOCK)]
    for place, drawn in places(STOCK, look, margin=MARGIN).items():
        corners = seen(np.array([(x, y) for x in (drawn.x0, drawn.x1) for y in (drawn.y0, drawn.y1)]))
        there = Box(*corners.min(axis=0), *corners.max(axis=0))
        box = recognition.tables[0].table.at(*place).box
        assert box is not None
        common = box.overlap(there)
        assert common / (box.area + there.area - common) > 0.7, (place, box, there)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns(recognize: Recognize, turns: int) -> None:
    upright = draw(STOCK, margin=MARGIN)
    height, width = upright.shape[:2]

    def seen(points: np.ndarray) -> np.ndarray:
        x, y = points.T
        ways = {1: (y, width - x), 2: (width - x, height - y), 3: (height - y, x)}
        return np.stack(ways[turns], axis=-1)

    assert_found(recognize(np.ascontiguousarray(np.rot90(upright, turns))), Look(), seen)


@pytest.mark.parametrize("degrees", [-15, 15])
def test_skew(recognize: Recognize, degrees: float) -> None:
    upright = draw(STOCK, margin=MARGIN)
    height, width = upright.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    matrix[:, 2] += MARGIN
    size = (width + 2 * MARGIN, height + 2 * MARGIN)
    skewed = cv2.warpAffine(upright, matrix, size, borderValue=(255, 255, 255), flags=cv2.INTER_CUBIC)
    assert_found(
        recognize(np.asarray(skewed, np.uint8)),
        Look(),
        lambda points: points @ matrix[:, :2].T + matrix[:, 2],
    )


def test_photograph_of_a_paper_on_a_desk(recognize: Recognize) -> None:
    photo = photograph(
        draw(STOCK, margin=MARGIN),
        Camera(turn=5, tilt=(0.15, 0.1), curl=0.008, shade=0.4, blur=0.7, noise=3, grain=20, seed=5),
    )
    assert_found(recognize(photo.pixels), Look(), photo.seen)


DARK = Look(ink=(226, 226, 230), paper=(30, 32, 38), header_ink=(120, 190, 255))
WHITE_ON_BLUE = Look(header_ink=(255, 255, 255), header_paper=(31, 78, 121))
WHITE_ON_RED = Look(rules="horizontal", header_ink=(255, 255, 255), header_paper=(192, 57, 43))
SMALL = Look(size=12, pad_x=8, pad_y=4, rule=1)


@pytest.mark.parametrize(
    "look", [DARK, WHITE_ON_BLUE, SMALL], ids=["dark theme", "white on blue", "12 pixels"]
)
def test_looks_of_screenshots(recognize: Recognize, look: Look) -> None:
    assert_found(recognize(draw(STOCK, look, margin=MARGIN)), look, lambda points: points)


def test_header_row_of_light_text_without_vertical_rulings(recognize: Recognize) -> None:
    (found,) = recognize(draw(STOCK, WHITE_ON_RED)).tables
    assert texts(found.table) == texts(STOCK)
    assert found.table.header_rows == 1


def test_photograph_of_50_megapixels(recognizer: LocalRecognizer, tmp_path: Path) -> None:
    small = draw(STOCK, margin=MARGIN)
    scale = float(np.sqrt(50e6 / (small.shape[0] * small.shape[1])))
    large = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    assert large.shape[0] * large.shape[1] > 49e6
    path = tmp_path / "large.jpg"
    assert cv2.imwrite(str(path), large)
    recognition = recognizer.recognize(SourceImage(path, path.name), lambda _: None)
    assert_found(recognition, Look(), lambda points: points * scale)
