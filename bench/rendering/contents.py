"""Invents what stands in a table: headings of one or two levels, labels, numbers in their column's form,
sections, groups of rows, totals, notes. All from a random generator: a seed gives the same tables again."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from random import Random

from bench.rendering import notation
from bench.rendering.numbers import Column, noted_column, number_column, text_column
from bench.rendering.vocabulary import LANGUAGES, Vocabulary


@dataclass(frozen=True)
class Entry:
    """A cell to be drawn; ``markup`` may hold <br> and <sup>."""

    row: int
    col: int
    markup: str
    role: str
    """head, stub, value, text, section or total."""
    row_span: int = 1
    col_span: int = 1
    indent: int = 0

    @property
    def text(self) -> str:
        """What a reader sees."""
        return html.unescape(re.sub(r"<[^>]*>", "", self.markup.replace("<br>", " "))).strip()


@dataclass
class Sheet:
    """A table's entries, which tile it, and what stands around it."""

    entries: list[Entry] = field(default_factory=list)
    rows: int = 0
    cols: int = 0
    header_rows: int = 0
    noted: float = 0.0
    """Share of its labels, headings and columns that are names and formulas."""
    caption: str = ""
    notes: list[str] = field(default_factory=list)


def invent(rng: Random) -> Sheet:
    """One table."""
    words = rng.choice(LANGUAGES)
    stubs = 2 if rng.random() < 0.2 else 1
    noted = rng.choice([0, 0, 0, 0.2, 0.6])
    columns = _columns(rng, words, rng.choice([2, 2, 3, 3, 4, 4, 5, 6, 7, 9, 12]), noted)
    sheet = Sheet(cols=stubs + len(columns), noted=noted)
    _header(rng, words, sheet, stubs, columns)
    _body(rng, words, sheet, stubs, columns)
    if rng.random() < 0.5:
        sheet.caption = f"{rng.choice(['Table', 'Tab.', 'TABLE'])} {rng.randint(1, 19)}. " + phrase(
            rng, words, 3, 14
        )
    sheet.notes = [phrase(rng, words, 4, 25) for _ in range(rng.choice([0, 0, 1, 1, 2]))]
    return sheet


def phrase(rng: Random, words: Vocabulary, least: int, most: int) -> str:
    """Running text of so many words."""
    chosen = [rng.choice(words.words) for _ in range(rng.randint(least, most))]
    return html.escape(" ".join(chosen).capitalize())


def _columns(rng: Random, words: Vocabulary, count: int, noted: float) -> list[Column]:
    """Most tables hold numbers of one or two forms; some hold text columns."""
    forms = [number_column(rng, words) for _ in range(rng.choice([1, 1, 2, 3]))]
    texty = rng.random() < 0.25
    return [
        noted_column(rng, words)
        if rng.random() < 0.5 * noted
        else text_column(rng, words)
        if texty and rng.random() < 0.5
        else rng.choice(forms)
        for _ in range(count)
    ]


def _heading(rng: Random, words: Vocabulary, sheet: Sheet, years: bool, col: int) -> str:
    if years:
        return str(1995 + col)
    if rng.random() < sheet.noted:
        return notation.heading(rng)
    heading = html.escape(rng.choice(words.headings))
    if rng.random() < 0.15:
        heading += "<br>" + rng.choice(["(%)", "(€ m)", "(kg)", "(n = 48)", "(’000)"])
    return heading + _mark(rng, 0.05)


def _mark(rng: Random, share: float) -> str:
    if rng.random() >= share:
        return ""
    return rng.choice([f"<sup>{rng.choice('abc123')}</sup>", "*", "**", "†", f" [{rng.randint(1, 60)}]"])


def _header(rng: Random, words: Vocabulary, sheet: Sheet, stubs: int, columns: list[Column]) -> None:
    levels = 2 if len(columns) >= 3 and rng.random() < 0.4 else 1
    years, first = rng.random() < 0.3, rng.randint(0, 15)
    for col in range(stubs):
        name = "" if rng.random() < 0.3 else html.escape(rng.choice(words.headings))
        sheet.entries.append(Entry(0, col, name, "head", row_span=levels))
    col, end = stubs, stubs + len(columns)
    while col < end:
        span = min(rng.choice([1, 2, 2, 3, 4]), end - col) if levels == 2 else 1
        if levels == 1 or span == 1:
            sheet.entries.append(
                Entry(0, col, _heading(rng, words, sheet, years, first + col), "head", row_span=levels)
            )
        else:
            sheet.entries.append(
                Entry(0, col, _heading(rng, words, sheet, False, col), "head", col_span=span)
            )
            for i in range(span):
                sheet.entries.append(Entry(1, col + i, _heading(rng, words, sheet, years, first + i), "head"))
        col += span
    sheet.rows = sheet.header_rows = levels


def _body(rng: Random, words: Vocabulary, sheet: Sheet, stubs: int, columns: list[Column]) -> None:
    """Rows with sections between, or in groups that share their first cell."""
    count = rng.choice([3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 28])
    sections = stubs == 1 and count > 5 and rng.random() < 0.3
    spanning, long_labels = rng.random() < 0.5, rng.random() < 0.25
    empty, group = rng.choice([0.0, 0.0, 0.03, 0.1, 0.3]), 0
    for number in range(count):
        if sections and number % rng.choice([3, 4, 5]) == 0:
            _section(rng, words, sheet, spanning)
        last = number == count - 1 and rng.random() < 0.4
        role = "total" if last else "value"
        start = 0
        if stubs == 2:
            start = 1
            if group == 0:
                group = min(rng.choice([1, 2, 3, 4]), count - number)
                label = html.escape(rng.choice(words.labels))
                sheet.entries.append(Entry(sheet.rows, 0, label, "stub", row_span=group))
            group -= 1
        label = words.total if last else _label(rng, words, sheet, long_labels)
        indent = rng.choice([0, 1]) if sections else 0
        sheet.entries.append(Entry(sheet.rows, start, label, "total" if last else "stub", indent=indent))
        for i, column in enumerate(columns):
            text = "" if rng.random() < empty else column.draw(rng) + _mark(rng, column.marks)
            kind = role if column.is_number else "text"
            sheet.entries.append(Entry(sheet.rows, stubs + i, text, kind))
        sheet.rows += 1


def _section(rng: Random, words: Vocabulary, sheet: Sheet, spanning: bool) -> None:
    name = html.escape(rng.choice(words.labels))
    if spanning:
        sheet.entries.append(Entry(sheet.rows, 0, name, "section", col_span=sheet.cols))
    else:
        sheet.entries += [Entry(sheet.rows, col, "" if col else name, "section") for col in range(sheet.cols)]
    sheet.rows += 1


def _label(rng: Random, words: Vocabulary, sheet: Sheet, is_long: bool) -> str:
    if rng.random() < sheet.noted:
        return notation.label(rng)
    label = html.escape(rng.choice(words.labels)) + _mark(rng, 0.04)
    if is_long and rng.random() < 0.6:
        label += " " + phrase(rng, words, 1, 9).lower()
    return label
