"""What the engine says while it works and where there is nothing to find."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from app.errors import NoTableFound
from app.recognition.engine import EngineName, Progress, SourceImage, Stage
from app.recognition.local.ocr import Ocr
from app.recognition.local.options import LocalOptions
from app.recognition.local.pipeline import LocalRecognizer
from tests.support.drawing import table
from tests.support.tables import Sheet, draw, texts

SMALL = table("Name | A | B", "one | 11 | 12", "two | 21 | 22")


def written(pixels: np.ndarray, folder: Path) -> SourceImage:
    path = folder / "image.png"
    assert cv2.imwrite(str(path), pixels)
    return SourceImage(path, path.name)


def test_stages_are_reported_in_order(recognizer: LocalRecognizer, tmp_path: Path) -> None:
    seen: list[Progress] = []
    recognition = recognizer.recognize(written(draw(SMALL), tmp_path), seen.append)
    assert recognition.engine is EngineName.LOCAL
    assert [progress.stage for progress in seen] == list(Stage)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)


def test_prose_is_no_table(recognizer: LocalRecognizer, tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(
        "It was a quiet morning, and nobody in the village had yet opened a window.",
        "The baker was the first to see the smoke above the hill, but he took it for",
        "fog and went on with his work. Only when the bells began to ring did people",
        "come out of their houses and ask each other what had happened in the night.",
    )
    with pytest.raises(NoTableFound, match="no rows and columns"):
        recognizer.recognize(written(sheet.pixels(), tmp_path), lambda _: None)


def test_blank_image_says_that_there_is_no_text(recognizer: LocalRecognizer, tmp_path: Path) -> None:
    with pytest.raises(NoTableFound, match="No text was found"):
        recognizer.recognize(written(np.full((300, 400, 3), 255, np.uint8), tmp_path), lambda _: None)


def test_photographed_table_is_read_with_places_in_the_photograph(
    recognizer: LocalRecognizer, tmp_path: Path
) -> None:
    flat = draw(SMALL, margin=120)
    height, width = flat.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 4.0, 1.0)
    turned = cv2.warpAffine(flat, turn, (width, height), borderValue=(255, 255, 255))
    recognition = recognizer.recognize(written(np.asarray(turned), tmp_path), lambda _: None)
    assert [texts(found.table) for found in recognition.tables] == [texts(SMALL)]
    first, last = recognition.tables[0].table.at(0, 0).box, recognition.tables[0].table.at(0, 2).box
    assert first is not None
    assert last is not None
    assert last.y0 < first.y0  # turned counter-clockwise: the right end of the row stands higher


def test_overlay_draws_every_step(ocr: Ocr, tmp_path: Path) -> None:
    folder = tmp_path / "overlay"
    engine = LocalRecognizer(LocalOptions(overlay=folder, use_structure_model=False), ocr=ocr)
    engine.recognize(written(draw(SMALL), tmp_path), lambda _: None)
    steps = {path.name.split("-")[2] for path in folder.iterdir()}
    assert steps == {"1", "2", "3", "4", "5"}
    assert all(cv2.imread(str(path)) is not None for path in folder.iterdir())
