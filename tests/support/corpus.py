"""The corpus of values as tables: each column of it beside a column of labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from app.tables.grid import Cell, Table
from tests.workbook.corpus import COLUMNS
from tests.workbook.locale_corpus import LOCALES


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell of the corpus."""

    row: int
    text: str
    value: str
    """As the corpus writes it; empty where it is no number or date."""
    must_be_typed: bool


@dataclass(frozen=True, slots=True)
class CorpusColumn:
    """One column; its texts stand in column 1 of the table."""

    table: Table
    entries: tuple[Entry, ...]


def as_corpus(value: object) -> str:
    """The value as the corpus writes it; empty for text. Some readers give a date as its midnight."""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date | time):
        return value.isoformat()
    return f"{value:.15g}" if isinstance(value, int | float) else ""


def corpus_columns() -> dict[str, CorpusColumn]:
    """All of them by name."""
    found: dict[str, CorpusColumn] = {}
    for name, text in COLUMNS.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        header = lines.pop(0)[2:] if lines[0].startswith("# ") else ""
        found[name] = _column(header, lines)
    for locale, columns in LOCALES.items():
        for header, cells in columns:
            found[f"{locale} {header}"] = _column(header, cells.split(" | "))
    return found


def _column(header: str, lines: list[str]) -> CorpusColumn:
    first = 1 if header else 0
    entries = tuple(_entry(row, line) for row, line in enumerate(lines, first))
    texts = [header, *(entry.text for entry in entries)] if header else [entry.text for entry in entries]
    cells = [
        Cell(row, col, text) for row, pair in enumerate(texts) for col, text in enumerate(("label", pair))
    ]
    return CorpusColumn(Table.from_cells(cells, header_rows=first), entries)


def _entry(row: int, line: str) -> Entry:
    text, arrow, value = re.fullmatch(r" *(.*?) *(?:(→|⇢) *(\S+))? *", line).groups()  # type: ignore[union-attr]
    return Entry(row, text, value or "", must_be_typed=arrow == "→")
