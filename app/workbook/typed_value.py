"""A value with its look: what typing makes of a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.workbook.plan import CellValue

TEXT_FORMAT = "@"
"""Keeps a text a text when it is typed again: Excel would take 007 for 7 and =A1 for a formula."""
GENERAL = "General"
LONGEST_TEXT = 32_767
"""UTF-16 units in a cell."""
CONTINUED = "Continued"
"""The sheet with the whole of longer texts."""


class TypedValue(NamedTuple):
    """What stands in a worksheet's cell. A tuple: there are many, and it is made in half the time."""

    value: CellValue
    raw: str = ""
    """The text that was typed, cleaned."""
    number_format: str = GENERAL
    serves_one_value: bool = False
    """Whether the number format is tied to this very value."""
    places: int = 0
    """Digits behind the point of a number: 3 for 12.5 %, which is 0.125."""
    shared_format: str = ""
    """The number format instead of one that is tied to the value, when a workbook has no room for it."""
    note: str = ""
    """Why a text that looks like a number or a date is none."""

    @property
    def is_text(self) -> bool:
        """Whether it is text or nothing."""
        return self.value is None or isinstance(self.value, str)


Typed = dict[tuple[int, int], TypedValue]
"""By (row, column) of the cells' top left corners."""


def as_text(text: str, note: str = "") -> TypedValue:
    """The text as it is; empty text is no value. One that is too long for a cell ends with an ellipsis: see
    ``long_texts`` for the rest of it."""
    if not text:
        return TypedValue(None)
    raw = text
    if is_too_long(text):
        text = text.encode("utf-16-le")[: 2 * LONGEST_TEXT - 2].decode("utf-16-le", "ignore") + "…"
    risky = text[0] in "=+-@'" or any(char.isdigit() for char in text)
    return TypedValue(text, raw, TEXT_FORMAT if risky else GENERAL, note=note)


def note_of_long(text: str) -> str:
    """What the reader of a cell is told whose text is too long for it; empty where it is not."""
    if not is_too_long(text):
        return ""
    return (
        f"The text has {len(text)} characters, more than a cell takes. "
        f"The whole of it stands on the sheet {CONTINUED}."
    )


def is_too_long(text: str) -> bool:
    """Whether a cell cannot hold it."""
    return 2 * len(text) > LONGEST_TEXT and units_of(text) > LONGEST_TEXT


def pieces(text: str) -> Iterator[str]:
    """The text cut into what cells take; one piece for most, none for no text."""
    while text:
        length = min(len(text), LONGEST_TEXT)
        while units_of(text[:length]) > LONGEST_TEXT:
            length -= units_of(text[:length]) - LONGEST_TEXT + 1 >> 1
        yield text[:length]
        text = text[length:]


def units_of(text: str) -> int:
    """The length as Excel counts it, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
