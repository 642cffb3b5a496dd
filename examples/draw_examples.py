"""Draws the example images and writes their truth: ``python -m examples.draw_examples [FOLDER]``.

The same versions of Pillow, OpenCV and PDFium give the same pixels. Nothing is needed beside them: the text
is set in PDF's standard fonts, which PDFium brings along.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from examples import contents
from examples.contents import Content
from examples.layout import Style, draw_table
from examples.pdf_writer import Sheet, write_pdf
from examples.photograph import photograph

_GREY = (0.35, 0.35, 0.35)


def _rendered(sheet: Sheet, dpi: int) -> np.ndarray:
    """The sheet as (h, w, 3) uint8, red first."""
    document = pypdfium2.PdfDocument(write_pdf([sheet]))
    page = document[0]
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
    pixels = np.array(bitmap.to_numpy())
    for opened in (bitmap, page, document):
        opened.close()
    return pixels


def _png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).quantize(64, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def ruled_spanning() -> bytes:
    sheet = Sheet(500, 200)
    style = Style(header_fill=(0.9, 0.92, 0.95))
    draw_table(sheet, 20, 20, [62, 58, 68, 62, 68, 62, 60], contents.DELIVERIES, style)
    return _png(_rendered(sheet, 150))


def unruled_financial() -> bytes:
    sheet = Sheet(440, 300)
    sheet.text(24, 30, "Consolidated income statement", 13, bold=True)
    sheet.text(24, 44, "for the year ended 31 December", 9, colour=_GREY)
    draw_table(sheet, 20, 58, [190, 50, 80, 80], contents.INCOME, Style(rules="none", row_height=17))
    return _png(_rendered(sheet, 150))


def invoice_european() -> bytes:
    sheet = Sheet(560, 420)
    sheet.text(40, 50, "Elektro Brückner GmbH", 15, bold=True)
    sheet.text(40, 66, "Hafenstraße 12, 20457 Hamburg", 9, colour=_GREY)
    sheet.text(40, 108, "Rechnung Nr. 2026-0417", 12, bold=True)
    sheet.text(40, 124, "Datum: 14.03.2026", 9)
    widths = [34, 196, 46, 52, 76, 80]
    style = Style(row_height=20, header_fill=(0.93, 0.93, 0.93), rule_width=0.5)
    bottom = draw_table(sheet, 38, 146, widths, contents.INVOICE, style)
    sheet.text(40, bottom + 26, "Zahlbar innerhalb von 14 Tagen ohne Abzug.", 9)
    sheet.text(40, bottom + 40, "Vielen Dank für Ihren Auftrag.", 9)
    return _png(_rendered(sheet, 150))


def page_two_tables() -> bytes:
    sheet = Sheet(595, 842)
    sheet.text(60, 80, "Rainfall in the northern catchment", 17, bold=True)
    y = _prose(sheet, 108, _RAIN_PROSE)
    sheet.text(60, y + 14, "Table 1: Rainfall by season, in millimetres", 9, bold=True)
    y = draw_table(sheet, 60, y + 24, [110, 70, 70, 70, 70, 75], contents.RAINFALL, Style(size=10))
    y = _prose(sheet, y + 34, _GAUGE_PROSE)
    sheet.text(60, y + 14, "Table 2: Gauges", 9, bold=True)
    style = Style(size=10, rules="booktabs", padding=9)
    y = draw_table(sheet, 60, y + 24, [80, 110, 100, 90], contents.GAUGES, style)
    _prose(sheet, y + 34, _CLOSING_PROSE)
    return _png(_rendered(sheet, 150))


def photographed() -> bytes:
    sheet = Sheet(430, 205)
    sheet.text(30, 34, "Stocktake, warehouse 2", 13, bold=True)
    draw_table(sheet, 28, 50, [70, 130, 60, 50, 64], contents.STOCKTAKE, Style(size=10, row_height=20))
    file = io.BytesIO()
    Image.fromarray(photograph(_rendered(sheet, 200))).save(file, "JPEG", quality=80)
    return file.getvalue()


def dark_screenshot() -> bytes:
    sheet = Sheet(520, 210)
    sheet.fill(0, 0, 520, 210, (0.09, 0.1, 0.13))
    sheet.fill(0, 0, 520, 34, (0.13, 0.15, 0.19))
    light, muted = (0.88, 0.9, 0.93), (0.25, 0.28, 0.34)
    sheet.text(20, 22, "Service health", 12, bold=True, colour=light)
    style = Style(size=10, row_height=24, rules="booktabs", ink=light, rule=muted, stripe=(0.12, 0.13, 0.17))
    draw_table(sheet, 20, 48, [120, 90, 90, 90, 90], contents.BUILDS, style)
    return _png(_rendered(sheet, 110))


def two_pages() -> bytes:
    first, second = Sheet(595, 842), Sheet(595, 842)
    first.text(60, 80, "Hours worked, first quarter", 16, bold=True)
    y = _prose(first, 108, _HOURS_PROSE)
    draw_table(first, 60, y + 16, [130, 80, 80, 80, 90], contents.STAFFING, Style(size=10, row_height=20))
    second.text(60, 80, "Energy used, first quarter", 16, bold=True)
    y = _prose(second, 108, _ENERGY_PROSE)
    style = Style(size=10, rules="booktabs", row_height=19, padding=8)
    draw_table(second, 60, y + 16, [120, 80, 80, 90, 90], contents.ENERGY, style)
    return write_pdf([first, second])


def _prose(sheet: Sheet, y: float, text: str) -> float:
    """Writes the lines; returns the y below them."""
    for line in text.strip().splitlines():
        sheet.text(60, y, line.strip(), 10)
        y += 14
    return y


_RAIN_PROSE = """
    The year was drier than the ten before it. Most of the rain fell in autumn and winter, and
    the stations in the hills had half as much again as the one on the coast. Summer storms were
    few; the longest spell without rain lasted for nineteen days and ended in the first week of
    August. The figures below are sums of the daily readings at nine in the morning.
"""
_GAUGE_PROSE = """
    All stations were visited twice. One gauge was found to be tilted and its readings since the
    spring have been corrected by four per cent. The gauges in use, the day on which they were
    installed and their height above the sea are listed in the second table.
"""
_CLOSING_PROSE = """
    The gauge that was not checked stands on private ground; a visit has been agreed on for the
    coming spring. Until then its readings are compared with those of its neighbour.
"""
_HOURS_PROSE = """
    Hours are counted from the time sheets of each team. Overtime is included, sick leave is not.
"""
_ENERGY_PROSE = """
    Readings were taken on the first and on the last day of the quarter. One kilowatt hour cost
    twenty-two cents throughout.
"""

EXAMPLES: dict[str, tuple[Callable[[], bytes], list[Content]]] = {
    "ruled_spanning.png": (ruled_spanning, [contents.DELIVERIES]),
    "unruled_financial.png": (unruled_financial, [contents.INCOME]),
    "invoice_european.png": (invoice_european, [contents.INVOICE]),
    "page_two_tables.png": (page_two_tables, [contents.RAINFALL, contents.GAUGES]),
    "photographed.jpg": (photographed, [contents.STOCKTAKE]),
    "dark_screenshot.png": (dark_screenshot, [contents.BUILDS]),
    "two_pages.pdf": (two_pages, [contents.STAFFING, contents.ENERGY]),
}
"""File name → what draws it and the tables that it shows, in reading order."""


def truth() -> str:
    """truth.json: by file name without its ending."""
    grids = {
        Path(name).stem: {"grids": [table.grid for table in tables]} for name, (_, tables) in EXAMPLES.items()
    }
    return json.dumps(grids, indent=1, ensure_ascii=False) + "\n"


def main(folder: Path) -> None:
    """Writes all of them."""
    for name, (draw, _) in EXAMPLES.items():
        (folder / name).write_bytes(draw())
    (folder / "truth.json").write_text(truth(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
