"""How well a cell's words stand in their cell, and how near those of its neighbours are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from app.recognition.evidence import Word
from app.recognition.local.evidence import Span
from app.recognition.local.fill import FilledCell
from app.recognition.local.headers import is_value
from app.recognition.local.lines import box_of, text_lines
from app.recognition.local.trust.judged import UNKNOWN, Features, Judged
from app.tables.geometry import Box, hull

_FAR = 9.0
"""Distances are cut off here, in character heights."""


def placing(judged: Judged) -> list[Features]:
    """For each cell with words; distances in character heights."""
    given = {word.box for word in judged.region.words}
    return [_placing(cell, judged, given) if cell.words else {} for cell in judged.cells]


def _placing(cell: FilledCell, judged: Judged, given: AbstractSet[Box]) -> Features:
    height, text = judged.height, box_of(cell.words)
    lines = text_lines(cell.words)
    return {
        "inside": min(_inside(word, cell.box) for word in cell.words),
        "side room": _side_room(cell, text, judged),
        "upright room": _upright_room(cell, text, judged),
        "cut": sum(word.box not in given for word in cell.words),
        "lines": len(lines),
        "gap within": max((_gap(line) for line in lines), default=0.0) / height,
        "stacked values": sum(is_value(" ".join(word.text for word in line)) for line in lines),
        "unread": _unread(cell, judged),
    }


def _inside(word: Word, box: Box) -> float:
    return word.box.overlap(box) / max(1e-6, word.box.area)


def _side_room(cell: FilledCell, text: Box, judged: Judged) -> float:
    """From the words to the nearer boundary with another cell; negative beyond it."""
    place, box = cell.place, cell.box
    left, right = place.col > 0, place.col + place.col_span < judged.choice.grid.cols
    return _nearer([(left, text.x0 - box.x0), (right, box.x1 - text.x1)], judged)


def _upright_room(cell: FilledCell, text: Box, judged: Judged) -> float:
    place, box = cell.place, cell.box
    above, below = place.row > 0, place.row + place.row_span < judged.choice.grid.rows
    return _nearer([(above, text.y0 - box.y0), (below, box.y1 - text.y1)], judged)


def _nearer(rooms: Sequence[tuple[bool, float]], judged: Judged) -> float:
    """The least of those that count, in character heights."""
    return min([_FAR, *(room / judged.height for counts, room in rooms if counts)])


def _gap(line: Sequence[Word]) -> float:
    return max((b.box.x0 - a.box.x1 for a, b in itertools.pairwise(line)), default=0.0)


def _unread(cell: FilledCell, judged: Judged) -> float:
    """Pieces of ink in the cell that could not be read."""
    return sum(cell.box.overlap(ink) > 0.5 * ink.area for ink in judged.region.unread)


def neighbours(judged: Judged) -> list[Features]:
    """For each cell with words: the white to the words beside, above and below it, in character heights."""
    extents = {
        (row, col): box
        for cell in judged.cells
        if (box := hull(word.box for word in cell.words)) is not None
        for row in range(cell.place.row, cell.place.row + cell.place.row_span)
        for col in range(cell.place.col, cell.place.col + cell.place.col_span)
    }
    return [_around(cell.place, extents, judged) if cell.words else {} for cell in judged.cells]


def _around(place: Span, extents: dict[tuple[int, int], Box], judged: Judged) -> Features:
    box, grid = extents[place.row, place.col], judged.choice.grid
    bottom, right = place.row + place.row_span, place.col + place.col_span
    rows, cols = range(place.row, bottom), range(place.col, right)
    left = _nearest(extents, [[(row, col) for col in range(place.col)] for row in rows])
    beyond = _nearest(extents, [[(row, col) for col in range(grid.cols - 1, right - 1, -1)] for row in rows])
    above = _nearest(extents, [[(row, col) for row in range(place.row)] for col in cols])
    below = _nearest(extents, [[(row, col) for row in range(grid.rows - 1, bottom - 1, -1)] for col in cols])
    beside = [*(box.x0 - other.x1 for other in left), *(other.x0 - box.x1 for other in beyond)]
    return {
        "white beside": min(beside, default=UNKNOWN) / judged.height,
        "white above": min((box.y0 - other.y1 for other in above), default=UNKNOWN) / judged.height,
        "white below": min((other.y0 - box.y1 for other in below), default=UNKNOWN) / judged.height,
    }


def _nearest(extents: dict[tuple[int, int], Box], ways: Sequence[Sequence[tuple[int, int]]]) -> list[Box]:
    """The last filled place on each way."""
    found = (next((extents[at] for at in reversed(way) if at in extents), None) for way in ways)
    return [box for box in found if box is not None]
