"""Pages come to the model upright and level; how they lie, the real local engine in its process says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from structlog.testing import capture_logs

from app.recognition.decoding.page import Pixels
from app.recognition.engine import DecodeLimits, Recognition, SourceImage
from app.services.local_engine import LocalEngine
from app.services.olmocr import OlmOcrEngine
from app.services.olmocr_options import OlmOcrOptions
from app.services.olmocr_render import ChildRenderer
from app.services.olmocr_upright import Straightener
from app.tables.html import to_html
from tests.support.chat_server import KEY, MODEL, ChatServer, Recorded, Reply, answer, chat_server, refusing
from tests.support.drawing import table
from tests.support.likeness import alike
from tests.support.recognizers import HomelessRecognizer
from tests.support.tables import draw

pytestmark = pytest.mark.anyio

HEAD = "---\nprimary_language: en\nis_rotation_valid: True\nrotation_correction: 0\nis_table: True\n---\n"
TRUTH = table(
    "Harbour | 2022 | 2023 | 2024",
    "Northern basin | 1,204 | 1,377 | 1,512",
    "Southern basin | 846 | | 913",
    "East quay | 2,310 | 2,468 | 2,590",
    "Outer roads | 775 | 802 | 864",
    header_rows=1,
)
UPRIGHT = draw(TRUTH)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        running.answering = _answers_upright_pages_alone
        yield running


def _answers_upright_pages_alone(request: Recorded) -> Reply:
    """A model that cannot make anything of a page that lies otherwise, and does not notice that it does."""
    upright = alike(request.image, Image.fromarray(UPRIGHT))
    return answer(HEAD + to_html(TRUTH)) if upright else refusing()


def _leaning(degrees: float) -> Pixels:
    height, width = UPRIGHT.shape[:2]
    paper = cv2.copyMakeBorder(UPRIGHT, *[80] * 4, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    turn = cv2.getRotationMatrix2D((width / 2 + 80, height / 2 + 80), degrees, 1)
    return cv2.warpAffine(paper, turn, paper.shape[1::-1], flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


async def _read(server: ChatServer, local: LocalEngine | None, pixels: Pixels, folder: Path) -> Recognition:
    path = folder / "image.png"
    assert cv2.imwrite(str(path), pixels)
    options = OlmOcrOptions(KEY, server.url, MODEL, prompt="Read this.", transport_retries=0)
    render = ChildRenderer(DecodeLimits())
    straighten = Straightener(render.whole, local) if local else None
    engine = OlmOcrEngine(options, render, straighten=straighten)
    try:
        return await engine.recognize(SourceImage(path, path.name), lambda _: None)
    finally:
        await engine.close()


LYING = {f"turned-{90 * turns}": np.ascontiguousarray(np.rot90(UPRIGHT, turns)) for turns in range(4)}
LYING |= {"falling": _leaning(-4), "rising": _leaning(3), "both": np.ascontiguousarray(np.rot90(_leaning(3)))}


@pytest.mark.parametrize("lying", LYING)
async def test_page_is_sent_upright(
    server: ChatServer, local: LocalEngine, tmp_path: Path, lying: str
) -> None:
    found = await _read(server, local, LYING[lying], tmp_path)

    assert [cell.text for cell in found.tables[0].table.cells] == [cell.text for cell in TRUTH.cells]
    assert len(server.requests) == 1
    assert max(server.requests[0].image.size) == 1288


@pytest.mark.parametrize("lying", [name for name in LYING if name != "turned-0"])
async def test_stand_in_makes_nothing_of_a_page_that_lies_otherwise(lying: str, server: ChatServer) -> None:
    image = Image.fromarray(LYING[lying])

    assert not alike(image, Image.fromarray(UPRIGHT))


async def test_page_that_nobody_can_look_at_is_sent_as_it_is(server: ChatServer, tmp_path: Path) -> None:
    with capture_logs() as logs:
        found = await _read(server, LocalEngine(HomelessRecognizer), UPRIGHT, tmp_path)

    assert found.tables[0].table.rows == TRUTH.rows
    assert "the page is not turned before it is sent" in [line["event"] for line in logs]
