"""What finishing a job needs from the world outside: files of tables, and parts of source images in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.jobs.job import JobOptions
from app.models.tables import ImageTables
from app.recognition.engine import SourceImage
from app.workbook.plan import Cutout


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A finished file for the user."""

    filename: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Cutting:
    """A part of a source image, as an image file of its own."""

    content: bytes
    """PNG or JPEG."""
    width: int
    """Pixels, as is ``height``."""
    height: int


class ImageCutter(Protocol):
    """Cuts parts out of source images, where nothing that they hold can harm us."""

    async def cut(self, source: SourceImage, cutouts: Sequence[Cutout]) -> Mapping[Cutout, Cutting]:
        """What could be cut: less than was asked for, or nothing, where the image does not let us. Large
        parts come scaled down. Cancelling ends the work."""
        ...


class PlannedOutput(Protocol):
    """Files that lack nothing but the images that they show."""

    @property
    def cutouts(self) -> Sequence[Cutout]:
        """What they show of the source images, each once."""
        ...

    def files(self, cuttings: Mapping[Cutout, Cutting]) -> list[OutputFile]:
        """At least one; the first is the primary one. Filenames are safe and unique. CPU-bound.
        WorkbookTooLarge."""
        ...


class OutputWriter(Protocol):
    """Lays the tables of a batch into files of one format."""

    formats: tuple[str, ...]
    """What `plan` understands, e.g. xlsx, csv, json, html, markdown."""

    def plan(self, images: Sequence[ImageTables], options: JobOptions) -> PlannedOutput:
        """What stands where. CPU-bound. InvalidRequest: unknown format."""
        ...
