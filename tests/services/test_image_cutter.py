"""Parts cut out of source images by a process that may fail, and what is written then."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import psutil
import pytest
from PIL import Image

from app.recognition.engine import DecodeLimits, SourceImage
from app.services.excel import ExcelWriter
from app.services.image_cutter import ChildImageCutter
from app.tables.geometry import Box
from app.tables.grid import Cell, Table
from app.workbook.options import WorkbookOptions
from app.workbook.plan import Cutout, SourceTables, WorkbookPlan
from app.workbook.strategies import consolidated
from tests.support.bad_images import encrypted_pdf, truncated_jpeg
from tests.support.hostile_files import huge_png

pytestmark = pytest.mark.anyio
EXAMPLE = Path(__file__).parents[2] / "examples" / "ruled_spanning.png"
CUTTER = ChildImageCutter(DecodeLimits())


def doubtful() -> WorkbookPlan:
    """With a part of its image on the Review sheet, and the whole of it on another."""
    cells = (Cell(0, 0, "Qty"), Cell(1, 0, "12", box=Box(20, 20, 80, 50), confidence=0.3))
    return consolidated(
        [SourceTables("a.png", (Table(2, 1, cells, 1),))], WorkbookOptions(source_images=True)
    )


def wanted(plan: WorkbookPlan) -> list[Cutout]:
    return [image.cutout for sheet in plan.sheets for image in sheet.images]


def images(workbook: bytes) -> dict[str, int]:
    book = openpyxl.load_workbook(BytesIO(workbook))
    return {sheet.title: len(sheet._images) for sheet in book}  # type: ignore[attr-defined]  # openpyxl tells it nowhere else


async def test_a_part_shows_what_stands_in_its_box(tmp_path: Path) -> None:
    page = Image.new("RGB", (200, 100), "white")
    page.paste((200, 0, 0), (40, 30, 100, 60))
    page.save(tmp_path / "a.png")
    inside, around = Cutout(0, 1, Box(41, 31, 98, 58)), Cutout(0, 1)

    found = await CUTTER.cut(SourceImage(tmp_path / "a.png", "a.png"), [inside, around])

    with Image.open(BytesIO(found[inside].content)) as part:
        assert part.size == (found[inside].width, found[inside].height) == (58, 28)
        assert part.convert("RGB").getcolors() == [(58 * 28, (200, 0, 0))]
    assert (found[around].width, found[around].height) == (200, 100)


@pytest.mark.parametrize(
    "content",
    [huge_png, encrypted_pdf, truncated_jpeg, lambda: b"", lambda: b"no image"],
    ids=["huge", "encrypted", "truncated", "empty", "text"],
)
async def test_of_an_image_that_cannot_be_read_the_workbook_shows_no_parts(
    tmp_path: Path, content: Callable[[], bytes]
) -> None:
    (tmp_path / "a.png").write_bytes(content())
    plan = doubtful()

    found = await CUTTER.cut(SourceImage(tmp_path / "a.png", "a.png"), wanted(plan))

    assert found == {}
    assert images(ExcelWriter().write(plan, found)) == {"a": 0, "Review": 0, "Images": 0, "Summary": 0}


@pytest.mark.parametrize("seconds", [0.0001, 0.01])
async def test_time_ends_and_so_does_the_process(seconds: float) -> None:
    """While the process starts, or while it works."""
    before = set(psutil.Process().children(recursive=True))
    plan = doubtful()

    found = await ChildImageCutter(DecodeLimits(), image_s=seconds).cut(
        SourceImage(EXAMPLE, EXAMPLE.name), wanted(plan)
    )

    assert found == {}
    assert set(psutil.Process().children(recursive=True)) <= before
    assert images(ExcelWriter().write(plan, found))["Review"] == 0
    whole = await CUTTER.cut(SourceImage(EXAMPLE, EXAMPLE.name), wanted(plan))
    assert images(ExcelWriter().write(plan, whole))["Review"] == 1
