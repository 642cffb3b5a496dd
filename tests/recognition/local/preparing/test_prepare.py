"""Photographs come out flat, level and dark on light, clean pages untouched; boxes find their way back."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.local.ocr import Ocr
from app.recognition.local.preparing.prepare import Prepared, prepare
from app.tables.geometry import Box
from tests.recognition.local.preparing.conftest import DrawnPage
from tests.support.photograph import Camera, Photo, photograph

CAMERAS = {
    "turned": Camera(turn=4),
    "turned far": Camera(turn=-14, noise=3),
    "from the left": Camera(tilt=(0.18, 0), noise=3, shade=0.2),
    "from the left in even light": Camera(tilt=(0.18, 0)),
    "from above": Camera(tilt=(0, 0.2), noise=3, shade=0.3, blur=0.8),
    "curled": Camera(turn=1, curl=0.012, noise=3, shade=0.2),
    "on a wooden desk": Camera(turn=12, tilt=(0.05, 0.08), noise=2, grain=25),
    "all at once": Camera(turn=-5, tilt=(0.1, 0.12), curl=0.01, shade=0.5, blur=0.9, noise=4, seed=3),
}


def lines_of(ocr: Ocr, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
    return [(reading.text, reading.confidence) for reading in ocr.recognize(crops)]


def prepared(pixels: np.ndarray, ocr: Ocr) -> Prepared:
    return prepare(pixels, ocr.detect, lambda crops: lines_of(ocr, crops))


def base_lines(page: DrawnPage, photo: Photo, result: Prepared) -> np.ndarray:
    """(words, 2, 2): the lower corners of the longer words, as they stand after preparation."""
    words = [word for word in page.words if len(word.text) > 4]
    ends = np.array([[[word.box.x0, word.box.y1], [word.box.x1, word.box.y1]] for word in words])
    return result.from_source(photo.seen(ends.reshape(-1, 2))).reshape(-1, 2, 2)


@pytest.mark.parametrize("name", CAMERAS)
@pytest.mark.parametrize("kind", ["ruled", "unruled"])
def test_photographed_lines_come_out_level(
    request: pytest.FixtureRequest, ocr: Ocr, kind: str, name: str
) -> None:
    page: DrawnPage = request.getfixturevalue(kind)
    photo = photograph(page.pixels, CAMERAS[name])
    result = prepared(photo.pixels, ocr)
    along = np.diff(base_lines(page, photo, result), axis=1)[:, 0]
    angles = np.rad2deg(np.arctan2(along[:, 1], along[:, 0]))
    assert np.median(np.abs(angles)) < 0.3
    rows = _spread_of_rows(page, photo, result)
    assert rows < 0.25 * np.median([word.box.height for word in page.words])


def _spread_of_rows(page: DrawnPage, photo: Photo, result: Prepared) -> float:
    """Pixels that the words of one row differ in height by; the mean of the rows' largest differences."""
    rows: dict[int, list[float]] = {}
    for word in page.words:
        middle = np.array([word.box.center])
        rows.setdefault(round(word.box.center[1] / 8), []).append(
            result.from_source(photo.seen(middle))[0, 1]
        )
    return float(np.mean([max(heights) - min(heights) for heights in rows.values()]))


def test_boxes_come_back_to_the_photograph(ruled: DrawnPage, ocr: Ocr) -> None:
    photo = photograph(ruled.pixels, CAMERAS["all at once"])
    result = prepared(photo.pixels, ocr)
    found = [result.box_to_source(Box(*q.min(axis=0), *q.max(axis=0))) for q in ocr.detect(result.pixels)]
    near = 0
    for word in ruled.words:
        middle = photo.seen(np.array([word.box.center]))[0]
        near += any(np.hypot(*np.subtract(box.center, middle)) < 4 for box in found)
    assert near > 0.7 * len(ruled.words)


def test_the_way_back_undoes_the_way_there(unruled: DrawnPage, ocr: Ocr) -> None:
    photo = photograph(unruled.pixels, CAMERAS["all at once"])
    result = prepared(photo.pixels, ocr)
    height, width = result.pixels.shape[:2]
    points = np.stack(np.meshgrid(np.linspace(0, width, 9), np.linspace(0, height, 9)), -1).reshape(-1, 2)
    assert np.abs(result.from_source(result.to_source(points)) - points).max() < 0.1


@pytest.mark.parametrize("kind", ["ruled", "unruled"])
def test_clean_pages_are_not_touched(request: pytest.FixtureRequest, ocr: Ocr, kind: str) -> None:
    page: DrawnPage = request.getfixturevalue(kind)
    result = prepared(page.pixels, ocr)
    assert result.pixels is page.pixels
    assert result.steps == ()
    assert result.quads is not None
    box = Box(10, 20, 30, 40)
    assert result.box_to_source(box) == box


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_pages_are_brought_upright(unruled: DrawnPage, ocr: Ocr, turns: int) -> None:
    lying = np.ascontiguousarray(np.rot90(unruled.pixels, -turns))
    result = prepared(lying, ocr)
    assert result.quarter_turns == turns
    assert np.array_equal(result.pixels, unruled.pixels)
    corner = result.to_source(np.array([[0.0, 0.0]]))[0]
    height, width = lying.shape[:2]
    assert corner.tolist() == [[width, 0], [width, height], [0, height]][turns - 1]


def test_a_bulge_in_even_light_is_flattened(unruled: DrawnPage, ocr: Ocr) -> None:
    height, width = unruled.pixels.shape[:2]
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bulge = 9 * (1 - (2 * across / width - 1) ** 2)
    page = cv2.remap(unruled.pixels, across, down + bulge, cv2.INTER_CUBIC, borderValue=(255, 255, 255))

    assert prepared(page, ocr).steps == ("flattened",)
    assert prepared(unruled.pixels, ocr).steps == ()


def test_edges_of_a_sheet_among_its_lines_hide_not_that_it_lies_upside_down(
    unruled: DrawnPage, ocr: Ocr
) -> None:
    lying = np.full((unruled.pixels.shape[0] + 200, *unruled.pixels.shape[1:]), 255, np.uint8)
    lying[200:] = unruled.pixels[::-1, ::-1]
    edges = [
        np.array([[10, top], [290, top], [290, top + 20], [10, top + 20]], np.float32)
        for top in (10, 60, 110, 160)
    ]

    result = prepare(lying, lambda _: [*edges, *ocr.detect(lying)], lambda crops: lines_of(ocr, crops))

    assert result.quarter_turns == 2


def test_photographs_upside_down_are_brought_upright_and_flattened(ruled: DrawnPage, ocr: Ocr) -> None:
    photo = photograph(ruled.pixels, Camera(turn=176, tilt=(0.1, 0.1), noise=3, shade=0.2))
    result = prepared(photo.pixels, ocr)
    along = np.diff(base_lines(ruled, photo, result), axis=1)[:, 0]
    assert np.all(along[:, 0] > 0)
    assert np.median(np.abs(np.rad2deg(np.arctan2(along[:, 1], along[:, 0])))) < 0.3


def test_light_text_on_dark_becomes_dark_on_light(unruled: DrawnPage, ocr: Ocr) -> None:
    dark = (235 - unruled.pixels.astype(int) * 0.8).astype(np.uint8)
    result = prepared(dark, ocr)
    assert result.steps == ("inverted",)
    assert np.median(result.pixels) > 150


def test_nothing_is_drawn_beyond_the_page(unruled: DrawnPage, ocr: Ocr) -> None:
    photo = photograph(unruled.pixels, Camera(turn=9, noise=8))
    height, width = photo.pixels.shape[:2]
    result = prepared(photo.pixels, ocr)
    rows, cols = result.pixels.shape[:2]
    across, down = np.meshgrid(np.arange(cols) + 0.5, np.arange(rows) + 0.5)
    x, y = result.to_source(np.stack([across, down], -1).reshape(-1, 2)).T
    beyond = ((x < -3) | (y < -3) | (x > width + 3) | (y > height + 3)).reshape(rows, cols)
    assert beyond.sum() > 100
    assert np.ptp(result.pixels[beyond].astype(int), axis=0).max() == 0


def test_shade_is_evened(unruled: DrawnPage, ocr: Ocr) -> None:
    photo = photograph(unruled.pixels, Camera(shade=0.6, noise=2))
    result = prepared(photo.pixels, ocr)
    assert "evened" in result.steps
    grounds = []
    for word in unruled.words:
        x, y = result.from_source(photo.seen(np.array([[word.box.x0 - 6, word.box.center[1]]])))[0].astype(
            int
        )
        grounds.append(float(np.median(result.pixels[y - 2 : y + 3, x - 2 : x + 3])))
    assert min(grounds) > 215
    assert max(grounds) - min(grounds) < 35


def test_a_page_without_text_is_left_alone(ocr: Ocr) -> None:
    blank = np.full((300, 400, 3), 255, np.uint8)
    assert prepared(blank, ocr).pixels is blank
