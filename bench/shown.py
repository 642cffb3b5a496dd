"""The whole page, or crops of its tables: which of them a stand-in for olmOCR reads better.

shown.py [SET...] [--half dev|aside]

The engine of the product asks a server that looks at the very image it is sent (1288 pixels, page or crop):
the server reads it with the local engine and answers with the tables that it found, as HTML. So what small
print costs is measured, on a reader of our own, which is another one than olmOCR. Each image is shown whole,
and in crops where these show letters a quarter larger. Reported are the kit's scores if crops are taken where
the ink would stand lower than some pixels: <0 never, <10 is what holds, <1000 wherever there are any.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import EngineFailed, NoTableFound
from app.recognition.decoding.pages import open_pages
from app.recognition.engine import DecodeLimits, Recognition, Report, SourceImage
from app.recognition.olmocr import crops
from app.recognition.olmocr.page_image import LONGEST_SIDE, page_png, whole_png
from app.recognition.spending import metered
from app.services.olmocr import OlmOcrEngine
from app.services.olmocr_bands import BandRenderer
from app.services.olmocr_messages import RenderedPage
from app.services.olmocr_options import OlmOcrOptions
from app.services.olmocr_upright import Straightener
from app.tables.html import to_html
from bench.kept import ROOT, Answers, KeptReadings
from bench.kit import folder, halves, images, kept_recognizer, scored, show
from bench.ours import grid
from tests.support.chat_server import KEY, MODEL, Recorded, Reply, answer, chat_server

SETS = ("icdar-eu-pages", "latex-pages", "photo-eu")
LIMITS = (0.0, 5.0, 7.0, 10.0, 13.0, 1000.0)
Rows = list[dict[str, float]]
HEAD = "---\nprimary_language: en\nis_rotation_valid: True\nrotation_correction: 0\nis_table: {}\n---\n"


@dataclass(frozen=True, slots=True)
class Reader:
    """The local engine: as the server, and as the product's own reading of a page."""

    readings: KeptReadings

    async def read(self, image: SourceImage, report: Report) -> Recognition:
        """Where tables lie."""
        return self.of(image.path)

    async def survey(self, image: SourceImage) -> Any:
        raise AssertionError("how a page lies is known from its reading")

    def of(self, path: Path) -> Recognition:
        """Of an image. NoTableFound: or one that is refused."""
        read = self.readings.read(path)
        if read is None:
            raise NoTableFound("refused")
        return read

    def reply(self, request: Recorded) -> Reply:
        """What the server sees in the image that it is sent."""
        seen = io.BytesIO()
        request.image.save(seen, format="PNG")
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "seen.png"
            path.write_bytes(seen.getvalue())
            tables = self.of(path).tables
        return answer(HEAD.format(bool(tables)) + "\n\n".join(to_html(found.table) for found in tables))


async def pages(image: SourceImage) -> AsyncGenerator[RenderedPage]:
    """The image for the model, in this process."""
    yield RenderedPage(1, 1, page_png(next(open_pages(image, DecodeLimits())).pixels))


async def whole(image: SourceImage, _: int) -> bytes:
    return whole_png(next(open_pages(image, DecodeLimits())).pixels)


@dataclass(frozen=True, slots=True)
class Shown:
    """An image as it was read from the whole page and from its crops; a score for each true table."""

    height: float
    """Of its ink in the image for the model, pixels."""
    crops: int
    """None could be made: 0."""
    page: Rows
    cropped: Rows

    def below(self, limit: float) -> Rows:
        return self.cropped if 0 < self.height < limit else self.page


async def shown(engine: OlmOcrEngine, reader: Reader, path: Path, truth: list[Any]) -> Shown:
    """Both ways of showing one image."""
    _, page = await answered(engine, reader, path, limit=0.0)
    count, cropped = await answered(engine, reader, path, limit=1000.0)
    read = reader.readings.read(path)
    height = read.words[0].survey.letter_height * LONGEST_SIDE if read else 0.0
    scores = scored(truth, page)
    return Shown(height, count, scores, scores if cropped == page else scored(truth, cropped))


async def answered(
    engine: OlmOcrEngine, reader: Reader, path: Path, limit: float
) -> tuple[int, list[dict[str, Any]]]:
    """How many crops were sent of an image, and the tables that came back."""
    crops._SMALL = limit  # the limit that is looked for
    with metered() as meter:
        try:
            found = await engine.recognize(SourceImage(path, path.name), lambda _: None, reader.of(path))
        except (NoTableFound, EngineFailed):
            return 0, []
    return meter.total.crops if meter.total else 0, [grid(each.table) for each in found.tables]


async def measure(asked: argparse.Namespace) -> None:
    reader = Reader(KeptReadings(Answers(asked.answers), kept_recognizer(asked.answers)))
    every: list[Shown] = []
    with chat_server() as server:
        server.answering = reader.reply
        patience = {"first_token_s": 600.0, "answer_s": 600.0, "image_s": 6000.0}
        engine = OlmOcrEngine(
            OlmOcrOptions(KEY, server.url, MODEL, prompt="Read.", **patience),
            pages,
            straighten=Straightener(whole, reader),
            cut=BandRenderer(whole, reader),
        )
        for name in asked.sets:
            truth = json.loads((folder(name) / "truth.json").read_text())
            found = [
                await shown(engine, reader, path, truth[path.stem]["grids"])
                for half, paths in halves(images(name)).items()
                if asked.half in (None, half)
                for path in paths
            ]
            report(name, found)
            every += found
        await engine.close()
    report("all", every)


def report(name: str, found: list[Shown]) -> None:
    cropped = [each for each in found if each.crops]
    small = [each for each in found if 0 < each.height < 10]
    print(f"{name}: {len(found)} images, {len(cropped)} with crops, {len(small)} in print below 10 px")
    for label, chosen in (("", found), (" those with crops", cropped), (" those below 10 px", small)):
        for limit in (0.0, 1000.0) if chosen is small else LIMITS:
            show(f"{name} <{limit:g}{label}", [row for each in chosen for row in each.below(limit)])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--half", choices=("dev", "aside"))
    parser.add_argument("--answers", type=Path, default=ROOT / "bench/out/answers.sqlite")
    asked = parser.parse_args()
    asyncio.run(measure(asked))


if __name__ == "__main__":
    main()
