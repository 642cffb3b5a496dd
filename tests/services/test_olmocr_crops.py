"""Tables in small print are shown as crops; where they lie, the real local engine in its process says."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import cv2
import pytest
from PIL import Image

from app.recognition.decoding.page import Pixels
from app.recognition.engine import DecodeLimits, Engine, SourceImage
from app.recognition.reconciling.engine import ReconcilingEngine
from app.recognition.spending import metered
from app.services.local_engine import LocalEngine
from app.services.olmocr import OlmOcrEngine
from app.services.olmocr_bands import BandRenderer
from app.services.olmocr_options import OlmOcrOptions
from app.services.olmocr_render import ChildRenderer
from app.services.olmocr_upright import Straightener
from app.tables.grid import Table
from app.tables.html import to_html
from tests.support.chat_server import KEY, MODEL, ChatServer, Recorded, Reply, answer, chat_server
from tests.support.drawing import table
from tests.support.likeness import alike
from tests.support.tables import Sheet, places, texts

pytestmark = pytest.mark.anyio

HEAD = "---\nprimary_language: en\nis_rotation_valid: True\nrotation_correction: 0\nis_table: {}\n---\n"
CALLS = table(
    "Harbour | 2022 | 2023 | 2024",
    "Northern basin | 1,204 | 1,377 | 1,512",
    "Southern basin | 846 | 901 | 913",
    "East quay | 2,310 | 2,468 | 2,590",
    header_rows=1,
)
STAFF = table(
    "Service | Pilots | Boats",
    "Day | 31 | 12",
    "Night | 17 | 8",
    "Standby | 6 | 3",
    "Training | 9 | 2",
    header_rows=1,
)
CAPTIONS = {"Table 1. Calls of ships at the harbours of the district": CALLS, "Table 2. Crews": STAFF}
MARGIN, CAPTION, BETWEEN = 40, round(22 * 1.35) + 4 + 24, 900


def _page(paper: int) -> Pixels:
    """Both tables under their captions, far apart, on paper of at least so many pixels height."""
    sheet = Sheet(margin=MARGIN)
    for caption, drawn in CAPTIONS.items():
        sheet.text(caption)
        sheet.table(drawn)
        sheet.space(BETWEEN if drawn is CALLS and paper else 0)
    pixels = sheet.pixels()
    return cv2.copyMakeBorder(
        pixels, 0, max(0, paper - len(pixels)), 0, 0, cv2.BORDER_CONSTANT, value=(255, 255, 255)
    )


def _alone(caption: str) -> Pixels:
    sheet = Sheet(margin=MARGIN)
    sheet.text(caption)
    sheet.table(CAPTIONS[caption])
    return sheet.pixels()


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        running.answering = _reads_what_it_sees
        yield running


def _seen(request: Recorded) -> Table | None:
    """The table whose crop was shown, its caption included; None: something else."""
    for caption, drawn in CAPTIONS.items():
        if alike(request.image, Image.fromarray(_alone(caption))):
            return drawn
    return None


def _reads_what_it_sees(request: Recorded) -> Reply:
    seen = _seen(request)
    return answer(HEAD.format(True) + "\n\n".join(map(to_html, [seen] if seen else CAPTIONS.values())))


@pytest.fixture
async def olmocr(server: ChatServer, local: LocalEngine) -> AsyncGenerator[OlmOcrEngine]:
    options = OlmOcrOptions(KEY, server.url, MODEL, prompt="Read this.", transport_retries=0)
    render = ChildRenderer(DecodeLimits())
    straighten, cut = Straightener(render.whole, local), BandRenderer(render.whole, local)
    engine = OlmOcrEngine(options, render, straighten=straighten, cut=cut)
    yield engine
    await engine.close()


def _saved(folder: Path, pixels: Pixels) -> SourceImage:
    path = folder / "image.png"
    assert cv2.imwrite(str(path), pixels)
    return SourceImage(path, path.name)


@pytest.mark.parametrize("checked", [False, True])
async def test_tables_in_small_print_are_shown_one_by_one(
    server: ChatServer, local: LocalEngine, olmocr: OlmOcrEngine, tmp_path: Path, checked: bool
) -> None:
    engine: Engine = ReconcilingEngine(olmocr, local) if checked else olmocr

    with metered() as meter:
        found = await engine.recognize(_saved(tmp_path, _page(2800)), lambda _: None)

    assert [texts(each.table) for each in found.tables] == [texts(CALLS), texts(STAFF)]
    assert [_seen(request) for request in server.requests] == [CALLS, STAFF]
    assert meter.total is not None
    assert meter.total.crops == 2
    if checked:
        _check_boxes(found.tables[0].table, MARGIN + CAPTION)


def _check_boxes(read: Table, top: float) -> None:
    drawn = places(CALLS, margin=0)
    for cell in read.cells:
        place = drawn[cell.row, cell.col]
        assert cell.box is not None
        x, y = cell.box.center
        assert place.x0 < x - MARGIN < place.x1
        assert place.y0 < y - top < place.y1


async def test_page_in_large_print_is_shown_whole(
    server: ChatServer, olmocr: OlmOcrEngine, tmp_path: Path
) -> None:
    with metered() as meter:
        found = await olmocr.recognize(_saved(tmp_path, _page(0)), lambda _: None)

    assert len(found.tables) == 2
    assert [_seen(request) for request in server.requests] == [None]
    assert meter.total is not None
    assert meter.total.crops == 0


async def test_page_is_shown_whole_where_a_crop_shows_no_table(
    server: ChatServer, olmocr: OlmOcrEngine, tmp_path: Path
) -> None:
    def blind(request: Recorded) -> Reply:
        if _seen(request) == STAFF:
            return answer(HEAD.format(False) + "A drawing of boats.")
        return _reads_what_it_sees(request)

    server.answering = blind
    found = await olmocr.recognize(_saved(tmp_path, _page(2800)), lambda _: None)

    assert [texts(each.table) for each in found.tables] == [texts(CALLS), texts(STAFF)]
    assert [_seen(request) for request in server.requests] == [CALLS, STAFF, None]
