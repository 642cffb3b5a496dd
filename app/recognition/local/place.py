"""Where things on a prepared page stand in the source image."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.recognition.decoding.page import Page
from app.recognition.evidence import Word
from app.recognition.local.preparing.prepare import Prepared
from app.tables.geometry import Box
from app.tables.grid import Table


@dataclass(frozen=True, slots=True)
class Place:
    """The way from prepared pixels over the page's working pixels to source pixels."""

    page: Page
    sheet: Prepared

    def box(self, box: Box) -> Box:
        """The upright hull in source pixels, clipped to the page."""
        hull = self.sheet.box_to_source(box)
        xs = [min(max(x / self.page.scale, 0.0), self.page.source_width) for x in (hull.x0, hull.x1)]
        ys = [min(max(y / self.page.scale, 0.0), self.page.source_height) for y in (hull.y0, hull.y1)]
        return Box(xs[0], ys[0], xs[1], ys[1])

    def word(self, word: Word) -> Word:
        """The word with its box in source pixels; its characters have no places there."""
        return replace(word, box=self.box(word.box), char_edges=())

    def table(self, table: Table) -> Table:
        """The same table with the boxes of its cells in source pixels."""
        cells = tuple(
            replace(cell, box=None if cell.box is None else self.box(cell.box)) for cell in table.cells
        )
        return replace(table, cells=cells)
