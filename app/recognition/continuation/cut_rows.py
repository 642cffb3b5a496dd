"""A row that the end of the page cut in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.recognition.continuation.rows import Row, has_digits, texts_of
from app.tables.grid import Cell

_ENDED = (".", ";", ":", "!", "?")
_DOUBT = 0.9


def continues_row(before: Sequence[Row], row: Row, after: Sequence[Row]) -> bool:
    """Whether ``row``, the first of its page, goes on with the last one of ``before``.

    Only where every other row has a label in its first column and this one has none, and each of its texts
    goes on in the middle of a sentence or a word.
    """
    others = [*before, *after]
    if not before or row[0].text.strip() or not all(other[0].text.strip() for other in others):
        return False
    last = before[-1]
    if any(cell.row_span * cell.col_span > 1 for cell in (*last, *row)):
        return False
    pairs = [(old, new) for old, new in zip(texts_of(last), texts_of(row), strict=True) if new]
    return bool(pairs) and all(_goes_on(old, new) for old, new in pairs)


def completed(last: Row, row: Row) -> list[Cell]:
    """The cells of ``last`` with what ``row`` adds to them; they keep their place."""
    return [_joined(old, new) for old, new in zip(last, row, strict=True)]


def _goes_on(old: str, new: str) -> bool:
    if not old or has_digits(new):
        return False
    return _is_hyphenated(old, new) or (new[0].islower() and not old.endswith(_ENDED))


def _is_hyphenated(old: str, new: str) -> bool:
    return len(old) > 1 and old[-1] == "-" and old[-2].isalpha() and new[0].islower()


def _joined(old: Cell, new: Cell) -> Cell:
    if not new.text:
        return old
    space = "" if _is_hyphenated(old.text, new.text) else " "
    known = [cell.confidence for cell in (old, new) if cell.confidence is not None]
    return replace(
        old, text=f"{old.text}{space}{new.text}", confidence=_DOUBT * min(known) if known else None
    )
