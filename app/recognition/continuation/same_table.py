"""Whether a table goes on with the first table of the next page. Doubt keeps them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.continuation.captions import is_same_caption, says_continued
from app.recognition.continuation.columns import Alignment, alignment, contradictions, value_columns
from app.recognition.continuation.rows import Row, marker_rows, repeated_header, repeats_labels, texts_of
from app.recognition.engine import FoundTable, Surroundings

_FULL_PAGE = 0.6
"""Share of its page's height that a table reaches down to when the page's end cuts it."""


@dataclass(frozen=True, slots=True)
class Link:
    """How a table goes on."""

    end: int
    """Rows of the first part that count; what follows only says that the table goes on."""
    start: int
    """First row of the second part that counts; before it stands what was repeated."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A table of one page with its rows laid out."""

    found: FoundTable
    rows: Sequence[Row]

    @classmethod
    def of(cls, found: FoundTable) -> Sighting:
        return cls(found, found.table.dense())

    @property
    def body(self) -> Sequence[Row]:
        return self.rows[self.found.table.header_rows :]


def link(first: Sighting, last: Sighting, following: Sighting) -> Link | None:
    """How ``following`` continues the table that begins with ``first`` and so far ends with ``last``; None
    where it does not, or where that is not certain."""
    if first.found.table.cols != following.found.table.cols or first.found.table.cols < 2:
        return None
    announced = _announced(first.found, last.found, following.found)
    if announced is None:
        return None
    end = len(last.rows) - marker_rows(last.rows[::-1])
    skipped = marker_rows(following.rows)
    announced = announced or skipped > 0 or end < len(last.rows)
    header = repeated_header(first.found.table, first.rows, following.rows[skipped:])
    start = skipped + header
    if end < 1 or start >= len(following.rows) or _is_cut(following.rows, start) or _is_cut(last.rows, end):
        return None
    body = following.rows[start:]
    certain = _fits(first, last, body, header, announced, following)
    return Link(end, start) if certain else None


def _announced(first: FoundTable, last: FoundTable, following: FoundTable) -> bool | None:
    """Whether captions say that it goes on; None where something else stands between."""
    above, below = _around(following).above, _around(last).below
    title = following.table.title
    captions = [text for text in (title, *above) if text]
    if not all(map(says_continued, (*above, *below))):
        return None
    if not all(is_same_caption(first.table.title, text) for text in captions):
        return None
    notes = [note for note in last.table.notes if not says_continued(note)]
    announced = bool(captions) or any(map(says_continued, (*below, *last.table.notes)))
    return announced if announced or set(notes) <= set(following.table.notes) else None


def _fits(
    first: Sighting, last: Sighting, body: Sequence[Row], header: int, announced: bool, following: Sighting
) -> bool:
    """Whether columns, kinds and places agree as far as they must by what else speaks for it."""
    placed = alignment(last.found, following.found)
    reference = first.body or first.rows
    if placed is Alignment.NONE or contradictions(reference, body) > first.found.table.cols // 10:
        return False
    if not announced and (repeats_labels(reference, body) or not _reaches_down(last.found)):
        return False
    if header:
        return True
    if value_columns(reference):
        sure = announced or placed in (Alignment.EXACT, Alignment.LOOSE)
        return sure and not _has_other_header(following, body)
    return announced or placed is Alignment.EXACT


def _has_other_header(following: Sighting, body: Sequence[Row]) -> bool:
    """Whether it begins with names of columns; a row of one text is a section."""
    skipped = len(following.rows) - len(body)
    named = body[: max(0, following.found.table.header_rows - skipped)]
    return any(sum(map(bool, texts_of(row))) > 1 for row in named)


def _reaches_down(found: FoundTable) -> bool:
    height = _around(found).page_height
    return found.box is None or not height or found.box.y1 >= _FULL_PAGE * height


def _is_cut(rows: Sequence[Row], at: int) -> bool:
    """Whether a cell spans over the edge before row ``at``."""
    return 0 < at < len(rows) and any(
        above is below for above, below in zip(rows[at - 1], rows[at], strict=True)
    )


def _around(found: FoundTable) -> Surroundings:
    return found.surroundings or Surroundings()
