"""From SLANet's sequence of HTML tags to cells on a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.recognition.local.evidence import Span
from app.tables.geometry import Box


@dataclass(frozen=True, slots=True)
class StructureCell:
    """A cell that the network named, with the place where it saw the cell's content."""

    place: Span
    box: Box
    """Pixels of the image read."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What the network made of one image."""

    cells: tuple[StructureCell, ...]
    rows: int
    cols: int
    header_rows: int
    complete: bool
    """False: the decoder ran out of steps and the lower part of the table is missing."""

    def moved(self, x: float, y: float) -> Structure:
        """The same structure, its boxes ``x`` to the right and ``y`` further down."""
        cells = tuple(
            StructureCell(c.place, Box(c.box.x0 + x, c.box.y0 + y, c.box.x1 + x, c.box.y1 + y))
            for c in self.cells
        )
        return replace(self, cells=cells)


def decode(
    tags: Sequence[str], probabilities: NDArray[np.float32], quads: NDArray[np.float32], most_steps: int
) -> Structure:
    """The cells of steps × (tags + 2) probabilities and steps × 8 corner coordinates in pixels.

    Class 0 is the start and the last one the end of the sequence. ``<td></td>`` is a plain cell; ``<td``,
    attributes, ``>`` make a spanning one (the vocabulary has the wheel's ``<td>`` replaced by ``<td></td>``).
    """
    vocabulary = ["", *_merged(tags), ""]
    end = len(vocabulary) - 1
    steps = [int(step) for step in probabilities.argmax(axis=1)]
    stop = next((i for i, step in enumerate(steps) if i and step == end), len(steps))
    builder = _Builder()
    for i in range(stop):
        builder.take(vocabulary[steps[i]], quads[i])
    return builder.structure(complete=len(steps) < most_steps or stop < len(steps))


def _merged(tags: Sequence[str]) -> list[str]:
    kept = [tag for tag in tags if tag != "<td>"]
    return kept if "<td></td>" in kept else [*kept, "<td></td>"]


class _Builder:
    """Places cells as a browser does: each goes to the first free column of its row."""

    def __init__(self) -> None:
        self._cells: list[StructureCell] = []
        self._taken: set[tuple[int, int]] = set()
        self._row = -1
        self._header_rows = 0
        self._open: tuple[NDArray[np.float32], dict[str, int]] | None = None

    def take(self, tag: str, quad: NDArray[np.float32]) -> None:
        if tag == "<tr>":
            self._row += 1
        elif tag == "</thead>":
            self._header_rows = self._row + 1
        elif tag == "<td></td>":
            self._place(quad, 1, 1)
        elif tag == "<td":
            self._open = (quad, {})
        elif self._open and "span=" in tag:
            name, _, value = tag.strip().partition("=")
            self._open[1][name] = int(value.strip("\"'"))
        elif self._open and tag in (">", "</td>"):
            opened, spans = self._open
            self._open = None
            self._place(opened, spans.get("rowspan", 1), spans.get("colspan", 1))

    def _place(self, quad: NDArray[np.float32], row_span: int, col_span: int) -> None:
        row = max(0, self._row)
        col = next(col for col in range(len(self._taken) + 1) if (row, col) not in self._taken)
        place = Span(row, col, row_span, col_span)
        self._taken |= {(row + i, col + j) for i in range(row_span) for j in range(col_span)}
        xs, ys = quad[0::2], quad[1::2]
        box = Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
        self._cells.append(StructureCell(place, box))

    def structure(self, *, complete: bool) -> Structure:
        rows = self._row + 1
        kept = tuple(_within(cell, rows) for cell in self._cells)
        cols = max((cell.place.col + cell.place.col_span for cell in kept), default=0)
        return Structure(kept, rows, cols, min(self._header_rows, rows), complete)


def _within(cell: StructureCell, rows: int) -> StructureCell:
    """Row spans that reach below the last row are cut there."""
    place = cell.place
    row_span = min(place.row_span, rows - place.row)
    return StructureCell(Span(place.row, place.col, row_span, place.col_span), cell.box)
