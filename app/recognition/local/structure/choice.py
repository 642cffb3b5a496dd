"""Which reading of a region's structure to believe: the rulings' own grid where it explains everything, the
words' where rulings are few, and a mixture between."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Word
from app.recognition.local.evidence import GridHypothesis
from app.recognition.local.fill import FilledCell, fill
from app.recognition.local.headers import is_value
from app.recognition.local.lines import text_lines
from app.recognition.local.regions.region import Region
from app.recognition.local.structure.ruled import ruled_hypothesis
from app.recognition.local.structure.unruled.gaps import from_gaps
from app.recognition.local.structure.unruled.hypotheses import hypotheses
from app.recognition.local.structure.unruled.scorer import score
from app.recognition.local.structure.unruled.slanet import Slanet

_WIDE = 1.5
"""A gap inside one cell, in character heights, from which two columns may stand in it."""
_TOLERATED = 0.15
"""Share of the words that may stand in cells that the rulings leave undivided."""
_STACK = 3
"""Lines that neighbouring cells have at the same heights are rows without rulings from this number on; two
are enough where every line of one cell is a value."""

_SINGLES = 3
"""Rows of one line between rulings, from which on these part rows wherever they stand."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading taken and the others that were possible."""

    grid: GridHypothesis
    others: tuple[GridHypothesis, ...]
    scores: tuple[float, ...]
    """What the scorer gives the one taken and each of the others."""

    @classmethod
    def of(cls, region: Region, grid: GridHypothesis, *others: GridHypothesis) -> Choice:
        """Readings that nobody scored yet."""
        scores = (score(one, region.words, region.rulings) for one in (grid, *others))
        return cls(grid, others, tuple(scores))


def choose(region: Region, pixels: Pixels, height: float, slanet: Slanet | None) -> Choice | None:
    """The structure of the region; None without words. ``height``: character height, in pixels."""
    ruled = ruled_hypothesis(region.words, region.box, region.rulings, height)
    if ruled is not None:
        cells = fill(region.words, ruled, height)
        beside, stacked = _undivided_columns(cells, height), _undivided_rows(cells, height)
        if beside <= _TOLERATED and stacked <= _TOLERATED:
            return Choice.of(region, ruled)
        if beside <= _TOLERATED and ruled.cols > 1:
            mixed = from_gaps(region.words, region.box, region.rulings, proposal=ruled)
            if mixed is not None:
                return Choice.of(region, mixed, ruled)
    found = hypotheses(region.words, pixels, region.box, region.rulings, slanet)
    if not found:
        return None
    grids = tuple(one.grid for one in found)
    return Choice(grids[0], grids[1:], tuple(one.score for one in found))


def _undivided_columns(cells: Sequence[FilledCell], height: float) -> float:
    """Share of the words that stand in a cell with a wide gap in one of its lines."""
    suspect = sum(len(cell.words) for cell in cells if _has_wide_gap(cell.words, height))
    return suspect / max(1, sum(len(cell.words) for cell in cells))


def _has_wide_gap(words: Sequence[Word], height: float) -> bool:
    return any(
        right.box.x0 - left.box.x1 > _WIDE * height
        for line in text_lines(words)
        for left, right in itertools.pairwise(line)
    )


def _undivided_rows(cells: Sequence[FilledCell], height: float) -> float:
    """Share of the words that stand in a cell whose neighbour has as many lines at the same heights; none
    where rulings part single lines as well, and so all rows."""
    stacks = [_stack(cell) for cell in cells if cell.words]
    if _parts_lines(stacks):
        return 0.0
    suspect = sum(
        stack.words
        * any(
            other is not stack and other.row == stack.row and _are_rows(stack, other, 0.4 * height)
            for other in stacks
        )
        for stack in stacks
    )
    return suspect / max(1, sum(len(cell.words) for cell in cells))


def _parts_lines(stacks: Sequence[_Stack]) -> bool:
    """True where half of the rows between rulings, the first not counted, hold one line."""
    lines: dict[int, int] = {}
    for stack in stacks:
        lines[stack.row] = max(lines.get(stack.row, 0), len(stack.centers))
    body = [lines[row] for row in sorted(lines)[1:]]
    singles = body.count(1)
    return singles >= _SINGLES and 2 * singles >= len(body)


@dataclass(frozen=True, slots=True)
class _Stack:
    """The lines of one cell."""

    row: int
    words: int
    centers: tuple[float, ...]
    are_values: bool


def _stack(cell: FilledCell) -> _Stack:
    lines = text_lines(cell.words)
    return _Stack(
        cell.place.row,
        len(cell.words),
        tuple(sum(w.box.center[1] for w in line) / len(line) for line in lines),
        bool(lines) and all(is_value(" ".join(word.text for word in line)) for line in lines),
    )


def _are_rows(a: _Stack, b: _Stack, near: float) -> bool:
    """True where enough lines of both cells, and most of the second one's, stand at the same heights."""
    least = 2 if a.are_values or b.are_values else _STACK
    hits = sum(any(abs(x - y) < near for x in a.centers) for y in b.centers)
    return hits >= least and hits > 0.7 * len(b.centers)
