"""Whether a cell stands in its row and column as the others do."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
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


def regularity(judged: Judged) -> list[Features]:
    """For each cell with words."""
    levels, places = _levels(judged), _column_boxes(judged)
    pitch = _pitches(judged, levels)
    return [
        {
            "row lines": len(levels[cell.place.row]),
            "row pitch": pitch.get(cell.place.row, UNKNOWN),
            "askew": _askew(cell, places.get(cell.place.col, []), judged.height),
            "values": sum(is_value(part) for part in cell.text.split()),
            "value words": float(is_value(cell.text)) * (len(cell.text.split()) - 1),
            "narrow": _narrowness(cell, places.get(cell.place.col, []), judged.height),
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


def _column_boxes(judged: Judged) -> dict[int, list[Box]]:
    found: dict[int, list[Box]] = defaultdict(list)
    for cell in judged.cells:
        if cell.words and cell.place.col_span == 1 and cell.place.row >= judged.header_rows:
            found[cell.place.col].append(box_of(cell.words))
    return found


def _askew(cell: FilledCell, column: Sequence[Box], height: float) -> float:
    """From where the column's cells begin, end or have their middle, whichever is nearest."""
    if len(column) < _LEAST or cell.place.col_span > 1:
        return UNKNOWN
    box = box_of(cell.words)
    edges = (
        (box.x0, (other.x0 for other in column)),
        (box.x1, (other.x1 for other in column)),
        (box.center[0], (other.center[0] for other in column)),
    )
    return min(_FAR, *(abs(own - median(others)) / height for own, others in edges))


def _narrowness(cell: FilledCell, column: Sequence[Box], height: float) -> float:
    """How much narrower the column's usual cell is, in character heights."""
    if len(column) < _LEAST or cell.place.col_span > 1:
        return UNKNOWN
    return min(_FAR, (box_of(cell.words).width - median(_widths(column))) / height)


def _widths(boxes: Iterable[Box]) -> list[float]:
    return [box.width for box in boxes]
