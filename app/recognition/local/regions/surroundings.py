"""The title above a table and the notes below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from app.recognition.evidence import Word
from app.recognition.local.lines import box_of, text_lines
from app.recognition.local.regions.captions import is_figure, is_note, is_title, text_of
from app.tables.geometry import Box

Line = list[Word]

_REACH = 15.0
"""Titles and notes are looked for within so many character heights of the table."""
_NEAR = 3.0
"""Distance from the table in character heights."""
_TITLE_LINES = 4
_NEXT_LINE = 1.0
"""Space between two lines of one title or note, in character heights."""
_HEADING = 1.5
"""Distance of a title that does not begin as one, in character heights."""
_FULL = 0.7
"""A line that goes on below is at least so wide, as a share of the widest one."""
_INDENT = 0.7


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is said about a table."""

    title: str
    notes: tuple[str, ...]
    words: tuple[Word, ...]
    """All of them."""


def surroundings(box: Box, words: Sequence[Word], height: float) -> Surroundings:
    """``words``: those of no table. ``height``: character height."""
    reach = _REACH * height
    near = text_lines(
        w for w in words if box.y0 - reach < w.box.center[1] < box.y1 + reach and _is_in_width(w, box)
    )
    title = _title_above(box, [line for line in near if box_of(line).y1 <= box.y0 + height / 2], height)
    notes = _notes_below(box, [line for line in near if box_of(line).y0 >= box.y1 - height / 2], height)
    lines = [*title, *(line for note in notes for line in note)]
    return Surroundings(
        " ".join(map(text_of, title)),
        tuple(" ".join(map(text_of, note)) for note in notes),
        tuple(word for line in lines for word in line),
    )


def _is_in_width(word: Word, box: Box) -> bool:
    shared = min(word.box.x1, box.x1) - max(word.box.x0, box.x0)
    return shared > 0.3 * min(word.box.width, box.width)


def _title_above(box: Box, lines: Sequence[Line], height: float) -> list[Line]:
    """The caption that ends right above the box, from the line that begins as one, else a heading."""
    edge, taken = box.y0, list[Line]()
    for line in lines[: -_TITLE_LINES - 1 : -1]:
        place = box_of(line)
        if edge - place.y1 > (_NEXT_LINE if taken else _NEAR) * height or is_figure(text_of(line)):
            break
        taken.insert(0, line)
        edge = place.y0
        if is_title(text_of(line)):
            return taken
    return taken if len(taken) == 1 and _is_heading(taken[0], box, height) else []


def _is_heading(line: Line, box: Box, height: float) -> bool:
    """True for a line without a full stop, close above the box, flush with it or over its middle."""
    place, text = box_of(line), text_of(line).strip()
    return (
        box.y0 - place.y1 < _HEADING * height
        and text[-1:] not in ".:;,"
        and any(char.isalpha() for char in text)
        and box.x0 - height < place.x0 < place.x1 < box.x1 + height
        and (abs(place.x0 - box.x0) < height or abs(place.center[0] - box.center[0]) < height)
    )


def _notes_below(box: Box, lines: Sequence[Line], height: float) -> list[list[Line]]:
    """Sources and footnotes that begin right below the box, each with the lines that it goes on in."""
    edge, notes = box.y1, list[list[Line]]()
    for line in lines:
        gap = box_of(line).y0 - edge
        if gap < _NEAR * height and is_note(text_of(line)):
            notes.append([line])
        elif notes and gap < _NEXT_LINE * height and _goes_on(notes, line, height):
            notes[-1].append(line)
        else:
            break
        edge = box_of(line).y1
    return notes


def _goes_on(notes: Sequence[Sequence[Line]], line: Line, height: float) -> bool:
    """True for a line in the letters of the last note that is indented below it or follows a full line."""
    place, first, last = box_of(line), box_of(notes[-1][0]), box_of(notes[-1][-1])
    widest = max(box_of(other).width for note in notes for other in note)
    sizes = [median(word.box.height for word in one) for one in (line, notes[-1][-1])]
    if is_title(text_of(line)) or is_figure(text_of(line)) or not 0.7 < sizes[0] / max(1.0, sizes[1]) < 1.25:
        return False
    return place.x0 - first.x0 > _INDENT * height or last.width > _FULL * max(widest, place.width)
