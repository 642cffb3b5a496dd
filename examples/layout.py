"""Lays a table out on a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from examples.contents import Content
from examples.pdf_writer import BLACK, Colour, Sheet, text_width

_NUMERIC = re.compile(r"[-(]?[$]?[\d.,]+\)?( ?[%€]| ms)?$")


@dataclass(frozen=True)
class Style:
    """How a table looks."""

    size: float = 9
    row_height: float = 18
    padding: float = 5
    rules: str = "all"
    """all: round every cell · booktabs: above, below and under the header · none."""
    ink: Colour = BLACK
    rule: Colour = BLACK
    header_fill: Colour | None = None
    stripe: Colour | None = None
    """Colour of every second row."""
    rule_width: float = 0.7


def draw_table(
    sheet: Sheet, x: float, y: float, widths: list[float], content: Content, style: Style
) -> float:
    """Draws with the top left corner at ``x``, ``y``; returns the y below the table."""
    lefts = [x]
    for width in widths:
        lefts.append(lefts[-1] + width)
    bottom = y + style.row_height * len(content.rows)
    _fill_rows(sheet, (x, lefts[-1], y), content, style)
    for cell in content.cells:
        box = (
            lefts[int(cell["c"])],
            y + style.row_height * int(cell["r"]),
            lefts[int(cell["c"]) + int(cell["cs"])],
            y + style.row_height * (int(cell["r"]) + int(cell["rs"])),
        )
        bold = int(cell["r"]) < content.header_rows or int(cell["r"]) in content.bold_rows
        align = _alignment(cell, content)
        _write(sheet, box, str(cell["text"]), align, style, bold=bold)
        if style.rules == "all":
            _frame(sheet, box, style)
    if style.rules == "booktabs":
        for at, weight in ((y, 2), (y + style.row_height * content.header_rows, 1), (bottom, 2)):
            sheet.line(x, at, lefts[-1], at, style.rule_width * weight, style.rule)
    return bottom


def _fill_rows(sheet: Sheet, place: tuple[float, float, float], content: Content, style: Style) -> None:
    left, right, top = place
    for row in range(len(content.rows)):
        header = row < content.header_rows
        colour = style.header_fill if header else style.stripe if row % 2 else None
        if colour is not None:
            sheet.fill(left, top + row * style.row_height, right - left, style.row_height, colour)


def _write(
    sheet: Sheet,
    box: tuple[float, float, float, float],
    text: str,
    align: str,
    style: Style,
    *,
    bold: bool,
) -> None:
    x0, y0, x1, y1 = box
    width = text_width(text, style.size, bold=bold)
    x = {"left": x0 + style.padding, "right": x1 - style.padding - width, "center": (x0 + x1 - width) / 2}[
        align
    ]
    sheet.text(x, (y0 + y1) / 2 + style.size * 0.35, text, style.size, bold=bold, colour=style.ink)


def _alignment(cell: dict[str, int | str], content: Content) -> str:
    """Spanning headers stand centred, columns of numbers and their headers to the right."""
    row, col = int(cell["r"]), int(cell["c"])
    if row < content.header_rows and int(cell["cs"]) > 1:
        return "center"
    below = [line[col] for line in content.rows[content.header_rows :] if line[col] not in ("<", "^", "")]
    numeric = col > 0 and sum(bool(_NUMERIC.match(text)) for text in below) > len(below) / 2
    return "right" if numeric and int(cell["cs"]) == 1 else "left"


def _frame(sheet: Sheet, box: tuple[float, float, float, float], style: Style) -> None:
    x0, y0, x1, y1 = box
    for line in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
        sheet.line(*line, style.rule_width, style.rule)
