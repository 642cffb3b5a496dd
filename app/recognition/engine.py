"""The contract of a recognition engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from app.recognition.evidence import Word
from app.recognition.survey import Survey
from app.tables.geometry import Box
from app.tables.grid import Table


class EngineName(StrEnum):
    """What a client may ask for."""

    AUTO = "auto"
    LOCAL = "local"
    OLMOCR = "olmocr"
    BOTH = "both"
    """olmOCR's answer, checked against what the local engine read."""


class Stage(StrEnum):
    """The stages of recognition in the order in which they are passed, page by page."""

    DECODE = "decode"
    PREPARE = "prepare"
    WORDS = "words"
    TABLES = "tables"
    CELLS = "cells"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the recognition of one source image is."""

    stage: Stage
    page: int
    """From 1."""
    pages: int

    @property
    def fraction(self) -> float:
        """0..1 of the image, by pages and stages passed."""
        stages = list(Stage)
        return (self.page - 1 + stages.index(self.stage) / len(stages)) / max(1, self.pages)


Report = Callable[[Progress], None]
"""Called at the start of each stage; must be cheap and must not raise."""


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What a hostile image may cost. An honest large photograph is shrunk on load, not refused."""

    max_megapixels: float = 100.0
    """Of one page, by its header; above it the image is refused before any pixel is decoded."""
    max_pages: int = 50
    working_megapixels: float = 16.0
    """Pages above it are shrunk while they are loaded."""


@dataclass(frozen=True, slots=True)
class SourceImage:
    """A file that a user gave: an image or a document of several pages."""

    path: Path
    filename: str
    """As the user named it; for messages alone, never part of a path."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands above and below a table on its page, other tables and page furniture (running heads and
    feet, page numbers) left out."""

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    """Texts, top to bottom; at most eight, the nearest ones."""
    page_width: float | None = None
    page_height: float | None = None
    """Pixels; None: the engine gives no places."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one page holds of a table that goes on over several."""

    first_row: int
    """Row of the whole table in which the part begins. A row cut by the page's end belongs to both parts."""
    rows: int
    """Rows of the whole table that stand here; a repeated header counts in the first part alone."""
    page: int
    table: Table
    """As it stands on the page, its repeated header included."""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table and the place where it stands."""

    table: Table
    page: int
    """From 1; of a table on several pages the first."""
    box: Box | None = None
    """Pixels of the page, origin top left."""
    surroundings: Surroundings | None = None
    """None: the engine doesn't know; such a table is never joined with another."""
    parts: tuple[Part, ...] = ()
    """Page by page, where the table was joined from several pages; the boxes of its cells are then in pixels
    of the page of their row."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """Every word that was read on a page, in its tables and outside."""

    page: int
    words: tuple[Word, ...]
    """Boxes in pixels of the page; without the edges of their characters."""
    width: float = 0.0
    height: float = 0.0
    """Of the page, pixels."""
    survey: Survey = field(default_factory=Survey)
    """How the page lies."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page of a recognition."""

    page: PageWords
    tables: tuple[FoundTable, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """Everything that an engine read in one source image."""

    tables: tuple[FoundTable, ...]
    """In reading order, page by page; never empty (NoTableFound is raised instead)."""
    pages: int
    engine: EngineName
    """The engine that did the work, never AUTO."""
    warnings: tuple[str, ...] = field(default=())
    """Public sentences, e.g. that the local engine stood in for a failing API."""
    words: tuple[PageWords, ...] = field(default=(), repr=False)
    """Page by page, where they were asked for."""

    def of_page(self, number: int) -> PageReading | None:
        """What was read on one page, where its words were asked for."""
        tables = tuple(found for found in self.tables if found.page == number)
        return next((PageReading(page, tables) for page in self.words if page.page == number), None)


class Engine(Protocol):
    """Reads the tables of one source image.

    ``recognize`` raises ImageFailed (the image's fault) or EngineFailed (ours), nothing else.
    Cancelling the awaiting task stops the work within a second.
    """

    name: EngineName

    async def recognize(self, image: SourceImage, report: Report) -> Recognition: ...

    async def close(self) -> None: ...
