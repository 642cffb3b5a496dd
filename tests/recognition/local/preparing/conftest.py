"""Pages of our own with known word places, and the real text detection."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from app.recognition.decoding.pages import open_pages
from app.recognition.engine import DecodeLimits, SourceImage
from app.recognition.evidence import Word
from app.recognition.local.ocr import Ocr
from examples import contents
from examples.layout import Style, draw_table
from examples.pdf_writer import Sheet, write_pdf


@dataclass(frozen=True)
class DrawnPage:
    """A clean page and its words."""

    pixels: np.ndarray
    words: tuple[Word, ...]


@pytest.fixture(scope="session")
def ocr() -> Ocr:
    return Ocr()


@pytest.fixture(scope="session")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> DrawnPage:
    sheet = Sheet(420, 200)
    style = Style(size=9, row_height=20)
    draw_table(sheet, 26, 20, [62, 52, 56, 50, 56, 50, 44], contents.DELIVERIES, style)
    return _drawn(sheet, tmp_path_factory.mktemp("ruled"))


@pytest.fixture(scope="session")
def unruled(tmp_path_factory: pytest.TempPathFactory) -> DrawnPage:
    sheet = Sheet(400, 270)
    draw_table(sheet, 20, 22, [180, 40, 70, 70], contents.INCOME, Style(rules="none", row_height=17))
    return _drawn(sheet, tmp_path_factory.mktemp("unruled"))


def _drawn(sheet: Sheet, folder: Path) -> DrawnPage:
    path = folder / "page.pdf"
    path.write_bytes(write_pdf([sheet]))
    (page,) = open_pages(SourceImage(path, path.name), DecodeLimits())
    return DrawnPage(page.pixels, page.words)
