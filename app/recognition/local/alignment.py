"""Whether a column's texts stand at its left edge, its right edge or in its middle, as the image has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from app.recognition.local.evidence import Span
from app.recognition.local.fill import FilledCell
from app.tables.geometry import Box, hull
from app.tables.grid import Align

_FEWEST = 3
"""Cells of a column that tell."""
_SAME = 0.25
"""Of a character's height: edges no farther apart are one."""
_APART = 3.0
"""An edge is meant when the texts keep to it so many times better than to the others …"""
_CLEARLY = 0.12
"""… and leave each of those by so much, in a character's height, on average."""


@dataclass(frozen=True, slots=True)
class _Ink:
    """The words of one cell."""

    place: Span
    box: Box

    def edge(self, align: Align) -> float:
        """Where it would meet the others' ink if all were aligned so, in pixels."""
        return {Align.LEFT: self.box.x0, Align.RIGHT: self.box.x1, Align.CENTER: self.box.center[0]}[align]


def alignments(cells: Sequence[FilledCell], header: int, height: float) -> Mapping[Span, Align]:
    """The alignment of each cell where it can be told: of body cells by their whole column, of header cells
    by the column below them. ``header``: rows; ``height``: of a character, in pixels."""
    columns: dict[int, list[_Ink]] = {}
    for cell in cells:
        box = hull(word.box for word in cell.words)
        if box is not None and cell.place.col_span == 1:
            columns.setdefault(cell.place.col, []).append(_Ink(cell.place, box))
    found: dict[Span, Align] = {}
    for column in columns.values():
        found |= _of_column(column, header, height)
    return found


def _of_column(column: Sequence[_Ink], header: int, height: float) -> dict[Span, Align]:
    body = [ink for ink in column if ink.place.row >= header]
    whole = hull(ink.box for ink in body)
    if whole is None:
        return {}
    above = {ink.place: _shared(ink, whole, height) for ink in column if ink.place.row < header}
    align = _kept_to(body, height) or _kept_to(column, height)
    if align is None and _is_level(body, height):
        align = next((one for (one,) in reversed([a for a in above.values() if len(a) == 1])), None)
    headers = {place: _one_of(edges, align) for place, edges in above.items()}
    told = headers | {ink.place: align for ink in body}
    return {place: one for place, one in told.items() if one is not None}


def _kept_to(column: Sequence[_Ink], height: float) -> Align | None:
    """The edge that the texts keep to, where they are of different widths: alone, or with their header."""
    if len(column) < _FEWEST:
        return None
    spread = {align: _spread([ink.edge(align) for ink in column]) for align in Align}
    best = min(Align, key=spread.__getitem__)
    others = min(spread[align] for align in Align if align is not best)
    meant = spread[best] <= _SAME * height and others >= max(_APART * spread[best], _CLEARLY * height)
    return best if meant else None


def _is_level(column: Sequence[_Ink], height: float) -> bool:
    """Whether all texts are of one width at one place, so that only the header's tells the alignment."""
    return all(_spread([ink.edge(align) for ink in column]) <= _SAME * height for align in Align)


def _spread(edges: Sequence[float]) -> float:
    """Mean distance from the usual edge: a text of another length shows, one out of line does not decide."""
    usual = median(edges)
    return sum(abs(edge - usual) for edge in edges) / len(edges)


def _shared(ink: _Ink, column: Box, height: float) -> list[Align]:
    """The edges that a header shares with the column below."""
    below = _Ink(ink.place, column)
    return [align for align in Align if abs(ink.edge(align) - below.edge(align)) <= 2 * _SAME * height]


def _one_of(shared: list[Align], column: Align | None) -> Align | None:
    """The only edge, or among several the one that the column keeps to."""
    if len(shared) == 1:
        return shared[0]
    return column if column in shared else None
