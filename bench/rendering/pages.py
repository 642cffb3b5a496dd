"""Writes tables as HTML pages with a look of their own: rules, bands, fonts, sizes, prose around."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bench.rendering.contents import Entry, Sheet, invent, phrase
from bench.rendering.vocabulary import LANGUAGES, Vocabulary

FONTS = (
    "Liberation Sans", "Liberation Serif", "DejaVu Sans", "DejaVu Serif", "Liberation Sans Narrow", "Carlito",
    "Caladea", "CMU Serif", "Lato", "Roboto", "Open Sans", "Noto Sans", "Noto Serif", "Nimbus Roman", "C059",
    "P052", "Liberation Mono", "CMU Serif", "CMU Serif",
)  # fmt: skip
RULES = (
    "all",
    "all",
    "rows",
    "booktabs",
    "booktabs",
    "booktabs",
    "outer",
    "columns",
    "none",
    "none",
    "bands",
    "head",
)


@dataclass(frozen=True)
class Page:
    """Markup of a page, its tables and what of it is to be seen."""

    markup: str
    sheets: tuple[Sheet, ...]
    scale: float
    """Device pixels for each CSS pixel."""
    whole: bool
    """The page with its prose; else its one table closely cut out."""
    width: int
    """CSS pixels."""
    dark: bool
    """Light text on dark."""


def page(rng: Random) -> Page:
    """A page of one to three tables among prose, or a single table."""
    whole = rng.random() < 0.45
    words = rng.choice(LANGUAGES)
    sheets = [invent(rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]) if whole else 1)]
    width = rng.choice([620, 700, 800, 900])
    body = []
    for index, sheet in enumerate(sheets):
        body += (
            [_prose(rng, words), _table(rng, sheet, index, whole)]
            if whole
            else [_table(rng, sheet, index, whole)]
        )
    if whole:
        body.append(_prose(rng, words))
    size = rng.choice([10, 11, 12, 13, 14])
    font = f"font:{size}px '{rng.choice(FONTS)}'"
    style = f"body{{margin:{rng.randint(8, 48)}px;width:{width}px;{font};background:#fff}}"
    markup = f"<html><style>{style}</style><body>{''.join(body)}</body></html>"
    scale = rng.choice([1.25, 1.5, 1.5, 2, 2, 2.5])
    return Page(markup, tuple(sheets), scale, whole, width + 100, rng.random() < 0.05)


def _prose(rng: Random, words: Vocabulary) -> str:
    align = rng.choice(["left", "justify"])
    paragraphs = [
        ". ".join(phrase(rng, words, 6, 18) for _ in range(rng.randint(1, 5)))
        for _ in range(rng.choice([0, 1, 2]))
    ]
    heading = (
        f"<h3>{rng.randint(1, 9)}.{rng.randint(1, 9)} {phrase(rng, words, 2, 5)}</h3>"
        if rng.random() < 0.4
        else ""
    )
    return heading + "".join(f"<p style='text-align:{align}'>{text}.</p>" for text in paragraphs)


def _table(rng: Random, sheet: Sheet, index: int, whole: bool) -> str:
    name = f"t{index}"
    rows = "".join(
        f"<tr class='{_row_class(sheet, row)}'>{_cells(sheet, row)}</tr>" for row in range(sheet.rows)
    )
    caption = f"<p class=caption>{sheet.caption}</p>" if whole and sheet.caption else ""
    notes = (
        "".join(f"<p style='font-size:85%;margin:2px'>{note}.</p>" for note in sheet.notes) if whole else ""
    )
    return f"<style>{_style(rng, name)}</style>{caption}<table id={name}>{rows}</table>{notes}"


def _row_class(sheet: Sheet, row: int) -> str:
    if row < sheet.header_rows:
        return "lasthead" if row == sheet.header_rows - 1 else "head"
    return "odd" if (row - sheet.header_rows) % 2 else "even"


def _cells(sheet: Sheet, row: int) -> str:
    return "".join(_cell(entry) for entry in sheet.entries if entry.row == row)


def _cell(entry: Entry) -> str:
    inside = f"<span style='padding-left:{entry.indent}em'>{entry.markup}</span>"
    return (
        f"<td class={entry.role} data-at='{entry.row},{entry.col}' rowspan={entry.row_span}"
        f" colspan={entry.col_span}>{inside}</td>"
    )


def _style(rng: Random, name: str) -> str:
    table, one = f"#{name}", rng.choice
    size, line = one([9, 10, 11, 11, 12, 12, 13, 14, 16]), one([1.1, 1.2, 1.3])
    pads = f"{one([0, 0, 1, 1, 2, 3, 5])}px {one([2, 3, 4, 5, 6, 8, 12, 18])}px"
    align = one(["right", "right", "center", "left"])
    wrap = "nowrap" if rng.random() < 0.85 else "normal"
    width = one(["", "", "width:100%;", "max-width:520px;"])
    styles = [
        f"{{font:{size}px/{line} '{one(FONTS)}';border-collapse:collapse;{width}",
        f"margin:{rng.randint(4, 16)}px {one(['0', 'auto'])}}}",
        f"{table} td{{padding:{pads};text-align:left;vertical-align:{one(['top', 'middle', 'bottom'])}}}",
        f"{table} .value,{table} .total{{text-align:{align};white-space:{wrap}}}",
        f"{table} .head{{text-align:{one([align, 'center', 'left'])};font-weight:{one(['bold', 'normal'])};",
        f"vertical-align:{one(['bottom', 'middle', 'top'])}}}",
        f"{table} td:first-child{{text-align:left}}{table} .total{{font-weight:{one(['bold', 'normal'])}}}",
        f"{table} .section{{font-style:{one(['italic', 'normal'])};font-weight:{one(['bold', 'normal'])};",
        f"text-align:{one(['left', 'left', 'center'])}}}",
        f"{table} sup,{table} sub{{font-size:65%}} .caption{{font-size:95%;margin:2px}}",
        _rules(rng, table),
    ]
    return table + "".join(styles)


def _rules(rng: Random, table: str) -> str:
    line = (
        f"{rng.choice([1, 1, 1, 2])}px solid {rng.choice(['#000', '#000', '#444', '#999', '#bbb', '#36a'])}"
    )
    shade = rng.choice(["#eee", "#e4ecf7", "#ddd", "#f7eedc"])
    ground = rng.choice(["#ccd", "#dde8dd", "#234;color:#fff"])
    head = f"{table} .head td,{table} .lasthead td{{background:{ground}}}"
    below = f"{table} .lasthead td,{table} .head td[rowspan='2']{{border-bottom:{line}}}"
    frame = f"{table}{{border-top:{line};border-bottom:{line}}}"
    groups = f"{table} .head td:not([colspan='1']){{border-bottom:{line}}}" if rng.random() < 0.6 else ""
    return {
        "all": f"{table} td{{border:{line}}}" + (head if rng.random() < 0.4 else ""),
        "rows": f"{table} td{{border-bottom:{line}}}",
        "booktabs": frame + below + groups,
        "outer": f"{table}{{border:{line}}}" + below,
        "columns": f"{table} td{{border-left:{line};border-right:{line}}}" + frame + below,
        "none": "",
        "bands": f"{table} .even td{{background:{shade}}}" + head,
        "head": below + groups,
    }[rng.choice(RULES)]
