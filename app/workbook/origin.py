"""Tables with the source images that they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.tables.grid import Table
from app.tables.text import one_line
from app.workbook.plan import SourceTables


@dataclass(frozen=True, slots=True)
class Origin:
    """A table as it was read, and where."""

    source: SourceTables
    index: int
    """From 0 within its image."""
    number: int
    """From 0 within the batch."""

    @property
    def table(self) -> Table:
        return self.source.tables[self.index]

    @property
    def page(self) -> int:
        """The page that it begins on, from 1."""
        return self.source.page_of(self.index, 0)

    @property
    def last_page(self) -> int:
        """The page that it ends on."""
        parts = self.source.parts[self.index] if self.source.parts else ()
        return max([self.page, *(part.page for part in parts)])

    @property
    def line(self) -> str:
        """The origin in words, with the table's title."""
        page = f"page {self.page}" if self.page > 1 else ""
        parts = [one_line(part) for part in (self.source.filename, page, self.table.title)]
        return " · ".join(part for part in parts if part)


def origins(images: Iterable[SourceTables]) -> list[Origin]:
    """All tables in order."""
    places = ((image, index) for image in images for index in range(len(image.tables)))
    return [Origin(image, index, number) for number, (image, index) in enumerate(places)]
