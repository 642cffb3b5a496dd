"""Draws what each stage saw onto the page, for a person who wants to know why a table came out as it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Ruling, Word
from app.recognition.local.evidence import GridHypothesis
from app.tables.geometry import Box
from app.tables.grid import Table

Colour = tuple[int, int, int]

_WORD: Colour = (60, 160, 0)
_DOUBTFUL: Colour = (0, 140, 255)
_HORIZONTAL: Colour = (0, 0, 230)
_VERTICAL: Colour = (230, 60, 0)
_REGION: Colour = (200, 0, 200)
_CELL: Colour = (0, 0, 230)


class Overlay:
    """Writes `<stem>-p<page>-<step>.png` into a folder; without a folder it does nothing."""

    def __init__(self, folder: Path | None, stem: str, page: int, pixels: Pixels) -> None:
        self._folder, self._prefix, self._pixels = folder, f"{stem}-p{page}", pixels
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def words(self, words: Iterable[Word]) -> None:
        """Every word's box, doubtful ones in orange."""
        self._boxes("1-words", [(word.box, _DOUBTFUL if word.confidence < 0.9 else _WORD) for word in words])

    def rulings(self, rulings: Iterable[Ruling]) -> None:
        """Horizontal rulings red, vertical ones blue."""
        self._boxes(
            "2-rulings", [(_ruling_box(r), _HORIZONTAL if r.horizontal else _VERTICAL) for r in rulings]
        )

    def regions(self, boxes: Iterable[Box]) -> None:
        """Where tables were found."""
        self._boxes("3-regions", [(box, _REGION) for box in boxes])

    def grid(self, index: int, grids: Sequence[GridHypothesis]) -> None:
        """The grid taken for one table, then the others that were possible."""
        for rank, grid in enumerate(grids):
            source = grid.source.replace(" ", "-")
            self._boxes(f"4-table{index}-{'taken' if rank == 0 else 'other'}-{source}", _grid_boxes(grid))

    def cells(self, index: int, table: Table) -> None:
        """The cells of one finished table."""
        self._boxes(f"5-table{index}-cells", [(cell.box, _CELL) for cell in table.cells if cell.box])

    def _boxes(self, step: str, boxes: Sequence[tuple[Box, Colour]]) -> None:
        if self._folder is None:
            return
        drawing = self._pixels.copy()
        for box, colour in boxes:
            corners = (round(box.x0), round(box.y0)), (round(box.x1), round(box.y1))
            cv2.rectangle(drawing, *corners, colour, 2)
        _, encoded = cv2.imencode(".png", drawing)
        (self._folder / f"{self._prefix}-{step}.png").write_bytes(np.asarray(encoded).tobytes())


def _ruling_box(ruling: Ruling) -> Box:
    low, high = ruling.at - ruling.thickness / 2, ruling.at + ruling.thickness / 2
    if ruling.horizontal:
        return Box(ruling.start, low, ruling.end, high)
    return Box(low, ruling.start, high, ruling.end)


def _grid_boxes(grid: GridHypothesis) -> list[tuple[Box, Colour]]:
    x0, x1, y0, y1 = grid.col_bounds[0], grid.col_bounds[-1], grid.row_bounds[0], grid.row_bounds[-1]
    rows = [(Box(x0, y, x1, y), _HORIZONTAL) for y in grid.row_bounds]
    cols = [(Box(x, y0, x, y1), _VERTICAL) for x in grid.col_bounds]
    spans = [
        (
            Box(
                grid.col_bounds[span.col],
                grid.row_bounds[span.row],
                grid.col_bounds[span.col + span.col_span],
                grid.row_bounds[span.row + span.row_span],
            ),
            _REGION,
        )
        for span in grid.spans
    ]
    return rows + cols + spans
