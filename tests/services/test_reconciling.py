"""The engine `both` whole: a drawn table, the real local engine in its process, an API that misreads."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from app.recognition.engine import EngineName, Recognition, SourceImage
from app.recognition.local.options import LocalOptions
from app.recognition.olmocr.page_image import page_png
from app.recognition.reconciling.engine import ReconcilingEngine
from app.services.local_engine import LocalEngine, local_recognizer
from app.services.olmocr import OlmOcrEngine
from app.services.olmocr_messages import RenderedPage
from app.services.olmocr_options import OlmOcrOptions
from app.tables.grid import Table, Verdict
from app.tables.html import to_html
from tests.support.chat_server import KEY, MODEL, ChatServer, Reply, answer, chat_server, refused
from tests.support.drawing import table
from tests.support.tables import draw

pytestmark = pytest.mark.anyio

HEAD = "---\nprimary_language: en\nis_rotation_valid: True\nrotation_correction: 0\nis_table: True\n---\n"
TRUTH = table(
    "Region | 2022 | 2023 | 2024",
    "North | 1,204 | 1,377 | 1,512",
    "South | 846 | | 913",
    "East | 2,310 | 2,468 | 2,590",
    "West | 775 | 802 | 864",
    header_rows=1,
)


@pytest.fixture(scope="module")
async def local() -> AsyncGenerator[LocalEngine]:
    engine = LocalEngine(partial(local_recognizer, LocalOptions()))
    yield engine
    await engine.close()


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture
def image(tmp_path: Path) -> SourceImage:
    return _saved(draw(TRUTH), tmp_path)


def _saved(pixels: np.ndarray, folder: Path) -> SourceImage:
    path = folder / "image.png"
    assert cv2.imwrite(str(path), pixels)
    return SourceImage(path, path.name)


async def _one_page(image: SourceImage) -> AsyncGenerator[RenderedPage]:
    """Renders an image that is known to be harmless without a process of its own."""
    yield RenderedPage(1, 1, page_png(np.asarray(Image.open(image.path).convert("RGB"))))


async def _read(server: ChatServer, local: LocalEngine, image: SourceImage) -> Recognition:
    options = OlmOcrOptions(KEY, server.url, MODEL, prompt="Read this.", transport_retries=0)
    olmocr = OlmOcrEngine(options, _one_page)
    try:
        return await ReconcilingEngine(olmocr, local).recognize(image, lambda _: None)
    finally:
        await olmocr.close()


def _texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.dense()]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
async def test_right_answer_is_confirmed_with_places(
    server: ChatServer, local: LocalEngine, tmp_path: Path, turns: int
) -> None:
    image = _saved(np.ascontiguousarray(np.rot90(draw(TRUTH), turns)), tmp_path)
    server.script(answer(HEAD + to_html(TRUTH)))

    recognition = await _read(server, local, image)

    (found,) = recognition.tables
    filled = [cell for cell in found.table.cells if cell.text]
    assert (recognition.engine, recognition.warnings) == (EngineName.BOTH, ())
    assert _texts(found.table) == _texts(TRUTH)
    assert {cell.verdict for cell in filled} == {Verdict.AGREED}
    assert all(cell.box is not None and (cell.confidence or 0) >= 0.9 for cell in filled)
    gray = cv2.imread(str(image.path), cv2.IMREAD_GRAYSCALE)
    boxes = [cell.box for cell in filled if cell.box is not None]
    assert all(gray[int(b.y0) : int(b.y1) + 1, int(b.x0) : int(b.x1) + 1].min() < 128 for b in boxes)


async def test_planted_faults_are_found_and_mended(
    server: ChatServer, local: LocalEngine, image: SourceImage
) -> None:
    wrong = table(
        "Region | 2022 | 2023 | 2024",
        "North | 1,204 | 1,317 | 1,512",  # a digit altered
        "South | 846 | 913 |",  # an empty cell left out
        "West | 775 | 802 | 864",  # the row before it dropped
        "Total | 5,135 | 4,647 | 5,879",  # invented
        header_rows=1,
    )
    server.script(answer(HEAD + to_html(wrong)))

    recognition = await _read(server, local, image)

    found = recognition.tables[0].table
    assert _texts(found) == [*_texts(TRUTH)[:1], *_texts(wrong)[1:2], *_texts(TRUTH)[2:], *_texts(wrong)[4:]]
    told = {
        (c.row, c.col): (c.verdict, c.alternatives)
        for c in found.cells
        if c.text and c.verdict is not Verdict.AGREED
    }
    assert told == {
        (1, 2): (Verdict.DIFFERING, ("1,377",)),
        (2, 3): (Verdict.MOVED, ()),
        **{(3, col): (Verdict.MISSING, ()) for col in range(4)},
        **{(5, col): (Verdict.UNSUPPORTED, ()) for col in range(4)},
    }
    doubted = {place for place, (verdict, _) in told.items() if verdict is not Verdict.MOVED}
    assert all((cell.confidence or 0) < 0.9 for cell in found.cells if (cell.row, cell.col) in doubted)
    assert "1 read otherwise" in recognition.warnings[0]


async def test_table_of_an_image_without_one_is_unsupported(
    server: ChatServer, local: LocalEngine, tmp_path: Path
) -> None:
    server.script(answer(HEAD + to_html(TRUTH)))

    recognition = await _read(server, local, _saved(np.full((300, 400, 3), 255, np.uint8), tmp_path))

    cells = recognition.tables[0].table.cells
    assert {cell.verdict for cell in cells if cell.text} == {Verdict.UNSUPPORTED}


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        pytest.param(refused(500), "The olmOCR API fails at the moment", id="api fails"),
        pytest.param(
            answer(HEAD.replace("is_table: True", "is_table: False") + "Prose."),
            "olmOCR saw no table",
            id="prose",
        ),
    ],
)
async def test_local_tables_stand_where_olmocr_gives_none(
    server: ChatServer, local: LocalEngine, image: SourceImage, reply: Reply, why: str
) -> None:
    server.script(reply)

    recognition = await _read(server, local, image)

    assert recognition.engine is EngineName.LOCAL
    assert recognition.warnings[0] == f"Read by the local engine alone: {why}."
    assert _texts(recognition.tables[0].table) == _texts(TRUTH)
