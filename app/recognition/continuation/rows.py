"""Rows of tables, compared: repeated headers, rows that only say that the table goes on, repeated labels."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from app.recognition.continuation.captions import says_continued
from app.tables.grid import Cell, Table
from app.tables.text import one_line

_ALIKE = 0.92
"""Likeness (Ratcliff/Obershelp, 0..1) of two readings of the same header row."""
_MORE_HEADER = 2
"""A repeated header may be so many rows higher than the header that was found."""
_LABELS = 3
"""So many labels that come again in order are another table of the same form."""

Row = Sequence[Cell]
"""The covering cell of each column."""


def texts_of(row: Row) -> list[str]:
    """The text of each cell on one line, a spanning cell's once."""
    return [one_line(cell.text) if i == 0 or cell is not row[i - 1] else "" for i, cell in enumerate(row)]


def has_digits(text: str) -> bool:
    """Whether more digits than letters stand in it."""
    return sum(char.isdigit() for char in text) > sum(char.isalpha() for char in text)


def marker_rows(rows: Sequence[Row]) -> int:
    """How many rows from the first on only say that the table goes on."""
    count = 0
    while count < len(rows) and _is_marker(rows[count]):
        count += 1
    return count


def repeated_header(first: Table, head: Sequence[Row], rows: Sequence[Row]) -> int:
    """How many of ``rows`` repeat the header of ``first``, whose first rows are ``head``; 0: none do."""
    count = 0
    for old, new in zip(head, rows, strict=False):
        in_header = count < first.header_rows
        if not _are_alike(old, new) or (not in_header and any(map(has_digits, texts_of(new)))):
            break
        count += 1
        if count >= first.header_rows + _MORE_HEADER:
            break
    titled = sum(bool(text) for row in rows[:count] for text in texts_of(row))
    rest = [row for row in head[count : first.header_rows] if sum(map(bool, texts_of(row))) > 1]
    return count if titled > 1 and not rest and first.header_rows else 0


def repeats_labels(first: Sequence[Row], second: Sequence[Row]) -> bool:
    """Whether the first column says the same again, as forms do that fill a page each."""
    labels = [[texts_of(row)[0].casefold() for row in rows] for rows in (first, second)]
    same = 0
    for old, new in zip(*labels, strict=False):
        if old != new or not old or has_digits(old):
            break
        same += 1
    return same >= min(_LABELS, max(1, len(second) - 1))


def _is_marker(row: Row) -> bool:
    texts = [text for text in texts_of(row) if text]
    return len(texts) == 1 and len(row) > 1 and says_continued(texts[0])


def _are_alike(old: Row, new: Row) -> bool:
    a, b = ("\t".join(texts_of(row)).casefold() for row in (old, new))
    return a == b or SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE
