"""Whether a cell stands in its row and column as the others do."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from app.recognition.local.fill import FilledCell
from app.recognition.local.headers import is_value
from app.recognition.local.lines import box_of, text_lines
from app.recognition.local.trust.judged import UNKNOWN, Features, Judged
from app.tables.geometry import Box

_LEAST = 3
"""Cells from which a column has a usual place."""
_SAME = 0.4
"""Lines whose middles are nearer than this, in character heights, stand side by side."""
_FAR = 9.0


@dataclass(frozen=True, slots=True)
class _Column:
    """Where its cells' texts usually begin, end and have their middle, and how wide they are."""

    start: float
    end: float
    middle: float
    width: float


def regularity(judged: Judged) -> list[Features]:
    """For each cell with words."""
    levels, usual = _levels(judged), _usual_columns(judged)
    pitch = _pitches(judged, levels)
    return [
        {
            "row lines": len(levels[cell.place.row]),
            "row pitch": pitch.get(cell.place.row, UNKNOWN),
            "askew": _askew(cell, usual.get(cell.place.col), judged.height),
            "values": sum(is_value(part) for part in cell.text.split()),
            "value words": float(is_value(cell.text)) * (len(cell.text.split()) - 1),
            "narrow": _narrowness(cell, usual.get(cell.place.col), judged.height),
        }
        if cell.words
        else {}
        for cell in judged.cells
    ]


def _levels(judged: Judged) -> dict[int, list[float]]:
    """For each row the heights at which lines of its cells stand, those of cells that span rows left out."""
    found: dict[int, list[float]] = defaultdict(list)
    for cell in judged.cells:
        if cell.words and cell.place.row_span == 1:
            for line in text_lines(cell.words):
                middle = box_of(line).center[1]
                if all(abs(middle - other) > _SAME * judged.height for other in found[cell.place.row]):
                    found[cell.place.row].append(middle)
    return found


def _pitches(judged: Judged, levels: dict[int, list[float]]) -> dict[int, float]:
    """How far a row's distances to those before and after leave the usual one: logarithm of their ratio."""
    rows = sorted(row for row, heights in levels.items() if heights)
    steps = {(a, b): min(levels[b]) - max(levels[a]) for a, b in itertools.pairwise(rows)}
    known = [step for (a, _), step in steps.items() if step > 0 and a >= judged.header_rows]
    if len(known) < _LEAST:
        return {}
    usual = median(known)
    off = {pair: abs(math.log(max(0.05, step / usual))) for pair, step in steps.items()}
    return {row: min((far for pair, far in off.items() if row in pair), default=UNKNOWN) for row in rows}


def _usual_columns(judged: Judged) -> dict[int, _Column]:
    """Of columns with enough cells below the header."""
    boxes: dict[int, list[Box]] = defaultdict(list)
    for cell in judged.cells:
        if cell.words and cell.place.col_span == 1 and cell.place.row >= judged.header_rows:
            boxes[cell.place.col].append(box_of(cell.words))
    return {col: _usual(members) for col, members in boxes.items() if len(members) >= _LEAST}


def _usual(boxes: Sequence[Box]) -> _Column:
    return _Column(
        median(box.x0 for box in boxes),
        median(box.x1 for box in boxes),
        median(box.center[0] for box in boxes),
        median(box.width for box in boxes),
    )


def _askew(cell: FilledCell, column: _Column | None, height: float) -> float:
    """From where the column's cells begin, end or have their middle, whichever is nearest."""
    if column is None or cell.place.col_span > 1:
        return UNKNOWN
    box = box_of(cell.words)
    pairs = ((box.x0, column.start), (box.x1, column.end), (box.center[0], column.middle))
    return min(_FAR, *(abs(own - usual) / height for own, usual in pairs))


def _narrowness(cell: FilledCell, column: _Column | None, height: float) -> float:
    """How much narrower the column's usual cell is, in character heights."""
    if column is None or cell.place.col_span > 1:
        return UNKNOWN
    return min(_FAR, (box_of(cell.words).width - column.width) / height)
