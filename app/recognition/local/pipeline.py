"""The local engine from file to tables, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from app.errors import NoTableFound
from app.recognition.decoding.guard import decoded_within
from app.recognition.decoding.page import Page, Pixels
from app.recognition.decoding.pages import open_pages
from app.recognition.engine import (
    EngineName,
    FoundTable,
    PageWords,
    Progress,
    Recognition,
    Report,
    SourceImage,
    Stage,
)
from app.recognition.evidence import Ruling, Word
from app.recognition.local.bands import band_edges, undrawn, with_edges
from app.recognition.local.company import in_company
from app.recognition.local.furniture import PageTexts, texts_outside, with_surroundings
from app.recognition.local.layer.read import LayerReader, LayerReading
from app.recognition.local.lines import char_height
from app.recognition.local.missed import missed_words
from app.recognition.local.ocr import Ocr
from app.recognition.local.options import LocalOptions
from app.recognition.local.overlay import Overlay
from app.recognition.local.place import Place
from app.recognition.local.preparing.prepare import Prepared, prepare
from app.recognition.local.preparing.survey import surveyed
from app.recognition.local.regions.find import find_regions
from app.recognition.local.regions.region import Region
from app.recognition.local.repair.settle import settled
from app.recognition.local.rulings import detect_rulings, join_rulings
from app.recognition.local.signs import with_signs
from app.recognition.local.structure.choice import choose
from app.recognition.local.structure.unruled.slanet import Slanet, load_slanet
from app.recognition.local.table import build_table
from app.recognition.local.trust.confidence import Confidence
from app.recognition.survey import Survey
from app.tables.grid import Table

_NO_TEXT = (
    "No text was found in the image. "
    "Please send it sharper or larger: letters should be at least 12 pixels high."
)
_NO_TABLE = (
    "No table was found in the image: the text has no rows and columns. "
    "If there is one, please crop the image to the table and send it again."
)


class LocalRecognizer:
    """Reads tables on this machine's CPU. Loads its models once; one instance a process, not thread-safe."""

    def __init__(
        self,
        options: LocalOptions | None = None,
        *,
        ocr: Ocr | None = None,
        slanet: Slanet | None = None,
        confidence: Confidence | None = None,
    ) -> None:
        """SetupError when a model is missing. Models that are loaded already can be given."""
        self._options = options or LocalOptions()
        self._ocr = ocr or Ocr(threads=self._options.threads)
        self._slanet = slanet or (load_slanet() if self._options.use_structure_model else None)
        self._confidence = confidence
        self._threads = ThreadPoolExecutor(1) if self._options.threads > 1 else None

    def recognize(self, image: SourceImage, report: Report) -> Recognition:
        """Every table of the image. Raises ImageFailed: unreadable, too large, or no_table_found."""
        found = self.read(image, report)
        if not found.tables:
            raise NoTableFound(_NO_TABLE if any(page.words for page in found.words) else _NO_TEXT)
        return replace(found, words=())

    def read(self, image: SourceImage, report: Report) -> Recognition:
        """Every table and every word of the image; no tables where there are none. Raises ImageFailed."""
        found: list[FoundTable] = []
        outside: list[PageTexts] = []
        words: list[PageWords] = []
        report(Progress(Stage.DECODE, 1, 1))
        layers = LayerReader(self._ocr)
        for page in self._pages(image):
            tables, texts, seen = self._read_page(page, layers, image, _reporter(report, page))
            found += tables
            outside.append(texts)
            words.append(seen)
        tables = tuple(with_surroundings(found, outside))
        return Recognition(tables, len(outside), EngineName.LOCAL, words=tuple(words))

    def survey(self, image: SourceImage) -> Survey:
        """A quick look at the first page of an image, much cheaper than reading it. Raises ImageFailed."""
        self._ocr.begin_page()
        return surveyed(next(self._pages(image)).pixels, self._ocr.detect, self._read_lines)

    def _pages(self, image: SourceImage) -> Iterator[Page]:
        pages = open_pages(image, self._options.limits)
        memory = self._options.decode_memory_mb
        return pages if memory is None else decoded_within(memory, pages)

    def _read_page(
        self, page: Page, layers: LayerReader, image: SourceImage, stage: Callable[[Stage], None]
    ) -> tuple[list[FoundTable], PageTexts, PageWords]:
        """The page's tables in source pixels, what it says beside them, and all its words."""
        stage(Stage.PREPARE)
        self._ocr.begin_page()
        layer = layers.read(page)
        sheet = layer.sheet if layer else prepare(page.pixels, layers.detect, self._read_lines)
        overlay = Overlay(self._options.overlay, image.path.stem, page.number, sheet.pixels)
        stage(Stage.WORDS)
        words = list(layer.words) if layer else self._ocr.read(sheet.pixels, sheet.quads)
        height = char_height(words)
        words = words if layer else settled(sheet.pixels, with_signs(words, height))
        overlay.words(words)
        stage(Stage.TABLES)
        rulings, edges = self._lines(page, sheet, layer, words, height)
        overlay.rulings([*rulings, *edges])
        complete = layer is not None and layer.complete
        regions = self._regions(sheet.pixels, words, rulings, edges, height, complete=complete)
        overlay.regions([region.box for region in regions])
        stage(Stage.CELLS)
        found: list[FoundTable] = []
        place = Place(page, sheet)
        for index, region in enumerate(regions, 1):
            table = self._read_table(sheet, index, region, height, overlay)
            if table is not None:
                found.append(FoundTable(place.table(table), page.number, place.box(region.box)))
        everything = {word.box: word for word in [*words, *(w for region in regions for w in region.words)]}
        survey = Survey(
            sheet.quarter_turns,
            sheet.skew_degrees,
            len(words),
            sum(len(word.text) for word in words),
            height / max(sheet.pixels.shape[:2]) if words else 0.0,
        )
        read = tuple(place.word(word) for word in everything.values())
        seen = PageWords(page.number, read, page.source_width, page.source_height, survey)
        return found, texts_outside(page, words, found, place), seen

    def _read_lines(self, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
        return [(reading.text, reading.confidence) for reading in self._ocr.recognize(crops)]

    def _lines(
        self, page: Page, sheet: Prepared, layer: LayerReading | None, words: list[Word], height: float
    ) -> tuple[list[Ruling], list[Ruling]]:
        """Rulings, those of the image and those that the document draws, of two equal ones one; and edges of
        coloured ground without any."""
        edges = self._beside(partial(band_edges, sheet.pixels, words, height))
        drawn = page.rulings if layer or not (sheet.is_moved or page.quarter_turns) else ()
        seen = [] if layer and layer.ruled else detect_rulings(sheet.pixels, words, height)
        rulings = join_rulings([*seen, *drawn], height)
        return rulings, undrawn(edges(), rulings, height)

    def _beside(self, job: Callable[[], list[Ruling]]) -> Callable[[], list[Ruling]]:
        """What ``job`` finds, when it is asked for; in a thread of its own where there are several."""
        return self._threads.submit(job).result if self._threads else job

    def _regions(
        self,
        pixels: Pixels,
        words: list[Word],
        rulings: list[Ruling],
        edges: list[Ruling],
        height: float,
        *,
        complete: bool,
    ) -> list[Region]:
        """``complete``: whether the words are known to be all."""
        regions = find_regions(words, rulings, height)
        if not complete:
            boxes = [region.box for region in regions]
            missed = missed_words(self._ocr, pixels, boxes, words, rulings, height)
            if missed.words:
                regions = find_regions([*words, *missed.words], rulings, height)
            regions = [
                replace(
                    region, words=in_company(self._ocr, pixels, region.words, height), unread=missed.unread
                )
                for region in regions
            ]
        return [with_edges(region, edges) for region in regions]

    def _read_table(
        self, sheet: Prepared, index: int, region: Region, height: float, overlay: Overlay
    ) -> Table | None:
        choice = choose(region, sheet.pixels, height, self._slanet)
        if choice is None:
            return None
        overlay.grid(index, [choice.grid, *choice.others])
        table = build_table(region, choice, height, sheet, self._confidence)
        if table is not None:
            overlay.cells(index, table)
        return table


def _reporter(report: Report, page: Page) -> Callable[[Stage], None]:
    return lambda stage: report(Progress(stage, page.number, page.count))
