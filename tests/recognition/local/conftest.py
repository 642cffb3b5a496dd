"""The engine, loaded once, and images as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.engine import Recognition, SourceImage
from app.recognition.local.ocr import Ocr
from app.recognition.local.options import LocalOptions
from app.recognition.local.pipeline import LocalRecognizer

Recognize = Callable[[Pixels], Recognition]


@pytest.fixture(scope="session")
def ocr() -> Ocr:
    return Ocr()


@pytest.fixture(scope="session")
def recognizer(ocr: Ocr) -> LocalRecognizer:
    return LocalRecognizer(LocalOptions(), ocr=ocr)


@pytest.fixture
def recognize(recognizer: LocalRecognizer, tmp_path: Path) -> Recognize:
    """Recognizes pixels as a user would: from a PNG file."""

    def run(pixels: Pixels) -> Recognition:
        return recognizer.recognize(as_file(pixels, tmp_path), lambda _: None)

    return run


def as_file(pixels: Pixels, folder: Path) -> SourceImage:
    path = folder / "image.png"
    assert cv2.imwrite(str(path), pixels)
    return SourceImage(path, path.name)
