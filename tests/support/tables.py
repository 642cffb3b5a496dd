"""Draws tables as images, so that a test knows their cells. The font is Pillow's own: it is everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.recognition.decoding.page import Pixels
from app.tables.geometry import Box
from app.tables.grid import Cell, Table

Colour = tuple[int, int, int]
"""Red, green, blue."""
INK: Colour = (20, 20, 20)
PAPER: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is drawn. Lengths in pixels."""

    rules: str = "all"
    """all · outer (frame and header) · horizontal · booktabs · columns (vertical ones and a frame) · none"""
    size: int = 24
    """Of the font."""
    pad_x: int = 18
    pad_y: int = 9
    rule: int = 2
    """Thickness of a ruling."""
    right: bool = True
    """Numbers stand at the right of their cells."""
    ink: Colour = INK
    paper: Colour = PAPER
    header_ink: Colour | None = None
    """Of the header rows; None: as elsewhere."""
    header_paper: Colour | None = None
    stripe: Colour | None = None
    """Ground of every second body row."""


def draw(table: Table, look: Look | None = None, *, margin: int = 24) -> Pixels:
    """The table alone on paper, BGR. A line break in a cell's text is drawn as one."""
    look = look or Look()
    sheet = Sheet(look, margin)
    sheet.table(table)
    return sheet.pixels()


def places(table: Table, look: Look | None = None, *, margin: int = 24) -> dict[tuple[int, int], Box]:
    """Where ``draw`` puts the cells, by row and column: pixels of its image, ruling to ruling."""
    xs, ys = _layout(table, look or Look())
    return {
        (c.row, c.col): Box(
            xs[c.col] + margin,
            ys[c.row] + margin,
            xs[c.col + c.col_span] + margin,
            ys[c.row + c.row_span] + margin,
        )
        for c in table.cells
    }


class Sheet:
    """Paper that tables and text are put on, one below the other."""

    def __init__(self, look: Look | None = None, margin: int = 40) -> None:
        self._look, self._margin = look or Look(), margin
        self._placed: list[tuple[Image.Image, int, int]] = []
        self._bottom = margin

    def table(self, table: Table, look: Look | None = None, *, left: int | None = None) -> None:
        """Below everything; with ``left`` beside what was put last, so many pixels from the paper's edge."""
        image = _draw_table(table, look or self._look)
        self._place(image, left)

    def text(self, *lines: str, size: int = 22, left: int | None = None) -> None:
        """Lines of text below everything, or beside what was put last."""
        font = _font(size)
        width = max(round(font.getlength(line)) for line in lines) + 4
        image = Image.new("RGB", (width, round(len(lines) * size * 1.35) + 4), self._look.paper)
        pen = ImageDraw.Draw(image)
        for i, line in enumerate(lines):
            pen.text((0, round(i * size * 1.35)), line, fill=self._look.ink, font=font)
        self._place(image, left)

    def space(self, height: int) -> None:
        """Empty paper."""
        self._bottom += height

    def pixels(self) -> Pixels:
        """The paper, just large enough, BGR."""
        width = max(x + image.width for image, x, _ in self._placed) + self._margin
        height = max(y + image.height for image, _, y in self._placed) + self._margin
        paper = Image.new("RGB", (width, height), self._look.paper)
        for image, x, y in self._placed:
            paper.paste(image, (x, y))
        return np.ascontiguousarray(np.asarray(paper, np.uint8)[:, :, ::-1])

    def _place(self, image: Image.Image, left: int | None) -> None:
        top = self._bottom if left is None else self._placed[-1][2]
        self._placed.append((image, self._margin if left is None else left, top))
        self._bottom = max(self._bottom, top + image.height + (0 if left is not None else 24))


def texts(table: Table) -> list[list[str]]:
    """Every position's text, white space made single spaces, a span's text at each of its positions."""
    return [[" ".join(cell.text.split()) for cell in row] for row in table.dense()]


def spans(table: Table) -> set[tuple[int, int, int, int]]:
    """Row, column, row span and column span of each spanning cell."""
    return {(c.row, c.col, c.row_span, c.col_span) for c in table.cells if c.row_span > 1 or c.col_span > 1}


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def _layout(table: Table, look: Look) -> tuple[list[int], list[int]]:
    """The x of the columns' edges and the y of the rows'."""
    xs = _edges([_width(table, col, look) for col in range(table.cols)])
    ys = _edges([_height(table, row, look) for row in range(table.rows)])
    for cell in table.cells:  # a wide spanning cell pushes the columns after it
        lack = round(_font(look.size).getlength(cell.text)) + 2 * look.pad_x
        lack -= xs[cell.col + cell.col_span] - xs[cell.col]
        if lack > 0 and cell.col_span > 1:
            xs = [x + lack if i >= cell.col + cell.col_span else x for i, x in enumerate(xs)]
    return xs, ys


def _draw_table(table: Table, look: Look) -> Image.Image:
    xs, ys = _layout(table, look)
    image = Image.new("RGB", (xs[-1] + look.rule, ys[-1] + look.rule), look.paper)
    pen = ImageDraw.Draw(image)
    for row in range(table.rows):
        ground = look.header_paper if row < table.header_rows else look.stripe if row % 2 else None
        if ground is not None:
            pen.rectangle([0, ys[row], xs[-1], ys[row + 1]], fill=ground)
    for cell in table.cells:
        _write(pen, cell, table, xs, ys, look)
    _rule(pen, table, xs, ys, look)
    return image


def _edges(lengths: list[int]) -> list[int]:
    edges = [0]
    for length in lengths:
        edges.append(edges[-1] + length)
    return edges


def _width(table: Table, col: int, look: Look) -> int:
    lines = [
        line for c in table.cells if c.col == col and c.col_span == 1 for line in c.text.split("\n")
    ] or [""]
    return max(40, *(round(_font(look.size).getlength(line)) + 2 * look.pad_x for line in lines))


def _height(table: Table, row: int, look: Look) -> int:
    lines = max([c.text.count("\n") + 1 for c in table.cells if c.row == row and c.row_span == 1] or [1])
    return round(lines * look.size * 1.2) + 2 * look.pad_y


def _write(
    pen: ImageDraw.ImageDraw, cell: Cell, table: Table, xs: list[int], ys: list[int], look: Look
) -> None:
    font, lines = _font(look.size), cell.text.split("\n")
    ink = look.header_ink if look.header_ink and cell.row < table.header_rows else look.ink
    x0, x1 = xs[cell.col] + look.pad_x, xs[cell.col + cell.col_span] - look.pad_x
    y0, y1 = ys[cell.row], ys[cell.row + cell.row_span]
    top = (y0 + y1 - len(lines) * look.size * 1.2) / 2
    for i, line in enumerate(lines):
        free = x1 - x0 - font.getlength(line)
        shift = free / 2 if cell.col_span > 1 else free if look.right and line[-1:].isdigit() else 0
        pen.text((x0 + shift, top + i * look.size * 1.2), line, fill=ink, font=font)


def _rule(pen: ImageDraw.ImageDraw, table: Table, xs: list[int], ys: list[int], look: Look) -> None:
    for cell in table.cells:
        right, below = cell.col + cell.col_span, cell.row + cell.row_span
        if look.rules in ("all", "columns") and right < table.cols:
            pen.line([xs[right], ys[cell.row], xs[right], ys[below]], fill=look.ink, width=look.rule)
        inner = look.rules in ("all", "horizontal") or (below == table.header_rows and look.rules != "none")
        if inner and below < table.rows:
            pen.line([xs[cell.col], ys[below], xs[right], ys[below]], fill=look.ink, width=look.rule)
    if look.rules in ("all", "columns", "outer"):
        pen.rectangle([0, 0, xs[-1], ys[-1]], outline=look.ink, width=look.rule)
    if look.rules in ("horizontal", "booktabs"):
        for y in (0, ys[-1]):
            pen.line([0, y, xs[-1], y], fill=look.ink, width=look.rule)
