"""How deep the labels of a table's first column are indented, as the image shows its hierarchy."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from app.recognition.local.evidence import Span
from app.recognition.local.fill import FilledCell
from app.tables.geometry import hull

_SAME = 0.35
"""Of a character's height: left edges no farther apart are one."""
_STEP = (0.5, 5.0)
"""Heights by which one level stands behind the one before."""
_DEEPEST = 4
_FEWEST = 2
"""Labels at an edge that is meant; one alone may be a word cut off or a centred line."""


def indents(cells: Sequence[FilledCell], header: int, height: float) -> Mapping[Span, int]:
    """The level of each label below the ``header`` rows, the leftmost at 0; empty where they keep to one edge
    or to none. ``height``: of a character, in pixels."""
    edges: dict[Span, float] = {}
    for cell in cells:
        box = hull(word.box for word in cell.words)
        is_label = cell.place.col == 0 and cell.place.row >= header and any(map(str.isalpha, cell.text))
        if box is not None and is_label:
            edges[cell.place] = box.x0
    levels = _levels(sorted(edges.values()), height)
    return {
        place: next(rank for rank, (_, end) in enumerate(levels) if edge <= end)
        for place, edge in (edges.items() if levels else ())
    }


def _levels(edges: Sequence[float], height: float) -> list[tuple[float, float]]:
    """First and last edge of each level, none where they are not clearly apart."""
    runs: list[list[float]] = []
    for edge in edges:
        if runs and edge - runs[-1][-1] <= _SAME * height:
            runs[-1].append(edge)
        else:
            runs.append([edge])
    steps = [(after[0] - before[-1]) / height for before, after in itertools.pairwise(runs)]
    clear = all(_STEP[0] <= step <= _STEP[1] for step in steps)
    meant = all(len(run) >= _FEWEST for run in runs[1:]) and all(_is_narrow(run, height) for run in runs)
    return [(run[0], run[-1]) for run in runs] if 1 < len(runs) <= _DEEPEST and clear and meant else []


def _is_narrow(run: Sequence[float], height: float) -> bool:
    return run[-1] - run[0] <= 2 * _SAME * height
