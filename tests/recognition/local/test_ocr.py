"""What OCR reads, on every runtime and with any number of threads."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.engine import SourceImage
from app.recognition.local.crops import cut
from app.recognition.local.glance import Answer
from app.recognition.local.networks import ONNXRUNTIME, Floats
from app.recognition.local.ocr import Ocr
from app.recognition.local.ocr_models import RECOGNITION, load_models, models_folder
from app.recognition.local.options import LocalOptions
from app.recognition.local.pipeline import LocalRecognizer
from app.recognition.local.quantizing import ranges_of
from tests.support.drawing import table
from tests.support.tables import Look, Sheet, draw

EXAMPLES = Path(__file__).parents[3] / "examples"
TABLE = table("City | Inhabitants", "Bremen | 218,095", "Jena | 108 306")


@pytest.fixture(scope="module")
def pixels() -> Pixels:
    return draw(TABLE, Look(rules="none"))


def counting_ocr(*, glance: bool = False) -> tuple[Ocr, list[int]]:
    """An OCR, and how many lines its exact network saw each time; it sees all without a ``glance``."""
    asked: list[int] = []
    models = load_models()

    def counted(given: Floats) -> Iterable[Answer]:
        asked.append(len(given))
        return models.recognize(given)

    return Ocr(replace(models, recognize=counted, glance=models.glance if glance else None)), asked


def texts(ocr: Ocr, pixels: Pixels) -> list[str]:
    return sorted(word.text for word in ocr.read(pixels))


def test_onnxruntime_reads_the_same_where_openvino_is_not_installed(ocr: Ocr, pixels: Pixels) -> None:
    fall_back = Ocr(load_models(runtime=ONNXRUNTIME))

    assert fall_back.runtime == ONNXRUNTIME
    assert texts(fall_back, pixels) == texts(ocr, pixels)
    assert "218,095" in texts(fall_back, pixels)


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="has streams of its own there")
def test_two_threads_read_the_same_as_one(ocr: Ocr, pixels: Pixels) -> None:
    assert texts(Ocr(threads=2), pixels) == texts(ocr, pixels)


@pytest.mark.parametrize("size", [12, 40])
def test_small_and_large_letters_are_found(ocr: Ocr, size: int) -> None:
    pixels = draw(TABLE, Look(rules="none", size=size, pad_x=size, pad_y=size // 2))

    assert texts(ocr, pixels) == ["108 306", "218,095", "Bremen", "City", "Inhabitants", "Jena"]


def test_no_line_is_lost_or_doubled_on_a_large_page(ocr: Ocr) -> None:
    """Detection looks at it in bands."""
    sheet = Sheet()
    for line in range(40):
        sheet.text(f"Line {line}")
    sheet.text("far", left=1300)

    lefts = [quad for quad in ocr.detect(sheet.pixels()) if quad[:, 0].max() < 600]

    tops = [float(quad[:, 1].min()) for quad in lefts]
    assert len(tops) == 40
    assert np.ptp(np.diff(tops)) < 6


def test_a_line_seen_before_is_not_read_again(ocr: Ocr, pixels: Pixels) -> None:
    """As when a few lines told which way up the page is."""
    reader, asked = counting_ocr()
    quads = reader.detect(pixels)
    crops = [crop.pixels for quad in quads if (crop := cut(pixels, quad)) is not None]
    reader.recognize(crops[:2])

    assert sorted(word.text for word in reader.read(pixels, quads)) == texts(ocr, pixels)
    assert sum(asked) == len(crops)


def test_nothing_of_a_document_is_kept_when_it_is_read() -> None:
    """Words of a text layer are tried by OCR too; what they said would pile up over documents."""
    reader, asked = counting_ocr()
    recognizer = LocalRecognizer(LocalOptions(use_structure_model=False), ocr=reader)
    document = SourceImage(EXAMPLES / "two_pages.pdf", "two_pages.pdf")

    recognizer.recognize(document, lambda _: None)
    first = sum(asked)
    recognizer.recognize(document, lambda _: None)

    assert first > 0
    assert sum(asked) == 2 * first


def test_a_small_table_on_much_empty_paper_is_found(ocr: Ocr, pixels: Pixels) -> None:
    paper = np.full((2200, 2000, 3), 255, np.uint8)
    paper[: pixels.shape[0], : pixels.shape[1]] = pixels

    assert texts(ocr, paper) == texts(ocr, pixels)


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="has no network of 8 bits there")
def test_clear_lines_are_read_at_a_glance_and_blurred_ones_by_the_exact_network(ocr: Ocr) -> None:
    reader, exact = counting_ocr(glance=True)
    clear = draw(TABLE, Look(rules="none", size=30))
    quads = ocr.detect(clear)
    blurred = np.asarray(cv2.GaussianBlur(clear, (0, 0), 6), np.uint8)

    assert sorted(word.text for word in reader.read(clear, quads)) == texts(ocr, clear)
    at_a_glance = len(quads) - sum(exact)
    assert at_a_glance >= len(quads) - 1
    exact.clear()
    reader.read(blurred, quads)
    assert sum(exact) >= len(quads) / 2


def test_another_version_of_the_network_is_not_quantized(tmp_path: Path) -> None:
    """Its tensors keep to other ranges."""
    model = tmp_path / "other.onnx"
    model.write_bytes(b"another version")

    assert ranges_of(model) == {}
    assert ranges_of(models_folder() / RECOGNITION)


def test_zero_is_one_of_the_levels_of_every_range() -> None:
    """Else OpenVINO moves all values by what it is off."""
    for least, most in ranges_of(models_folder() / RECOGNITION).values():
        level = 255 * -least / (most - least)
        assert abs(level - round(level)) < 0.01
