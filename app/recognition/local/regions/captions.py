"""Titles above and notes below a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.recognition.evidence import Word
from app.recognition.local.lines import box_of
from app.tables.geometry import Box

_TITLE = re.compile(
    r"^\s*(tab(le|elle|leau|ella|la|el|\.)?|tabel|tablica|taulukko|tabla|表)\s*[\dIVX.:]", re.IGNORECASE
)
_NOTE = re.compile(
    r"^\s*(source|notes?|quelle|anmerkung|fuente|fonte|bron|n\.b\.|\*|†|‡|¹|²|\(?\d\)\s)", re.IGNORECASE
)
_NEAR = 3.0
"""Distance from the table in character heights."""


def text_of(line: Sequence[Word]) -> str:
    """The words of a line with spaces between them."""
    return " ".join(word.text for word in line)


def is_title(text: str) -> bool:
    """True for text that begins as captions of tables do."""
    return bool(_TITLE.match(text))


def is_note(text: str) -> bool:
    """True for text that begins as sources and footnotes do."""
    return bool(_NOTE.match(text))


def title_above(box: Box, lines: Sequence[Sequence[Word]], height: float) -> str:
    """The caption that ends right above the box: from the line that begins as one, at most three lines."""
    above = [
        line for line in lines if _shares_width(box_of(line), box) and box_of(line).y1 <= box.y0 + height / 2
    ]
    above.sort(key=lambda line: -box_of(line).y1)
    edge, taken = box.y0, list[str]()
    for line in above[:3]:
        place = box_of(line)
        if edge - place.y1 > _NEAR * height:
            break
        taken.insert(0, text_of(line))
        edge = place.y0
        if is_title(taken[0]):
            return " ".join(taken)
    return ""


def notes_below(box: Box, lines: Sequence[Sequence[Word]], height: float) -> tuple[str, ...]:
    """Sources and footnotes that begin right below the box."""
    below = [
        line for line in lines if _shares_width(box_of(line), box) and box_of(line).y0 >= box.y1 - height / 2
    ]
    below.sort(key=lambda line: box_of(line).y0)
    edge, notes = box.y1, list[str]()
    for line in below:
        place = box_of(line)
        if place.y0 - edge > _NEAR * height or not is_note(text_of(line)):
            break
        notes.append(text_of(line))
        edge = place.y1
    return tuple(notes)


def _shares_width(line: Box, box: Box) -> bool:
    return min(line.x1, box.x1) - max(line.x0, box.x0) > 0.3 * min(line.width, box.width)
