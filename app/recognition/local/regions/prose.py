"""Tells running text from what may stand in a table, and finds the gutters between a page's text columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.evidence import Word
from app.tables.geometry import Box

_LONG = 16.0
"""Width of a line of prose, in character heights, from which it counts."""
_PITCH = 2.6
"""Distance of the next line of the same paragraph, in character heights, double spacing included."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The running text of a page."""

    prose: frozenset[int]
    """Indices of the words that belong to it."""
    gutters: tuple[float, ...]
    """x of the middles of the spaces between text columns, left to right."""


def find_prose(words: Sequence[Word], height: float) -> Layout:
    """Lines that fill their column, one below the other, with nothing beside them in the same column."""
    boxes = [word.box for word in words]
    long = [i for i, box in enumerate(boxes) if box.width > _LONG * height and len(words[i].text) > 24]
    stacked = [i for i in long if any(_continues(boxes[i], boxes[j], height) for j in long if j != i)]
    gutters = _gutters([boxes[i] for i in stacked], height)
    prose = {i for i in stacked if not _has_company(i, boxes, set(stacked), gutters)}
    prose |= _short_endings(words, prose, height)
    return Layout(frozenset(prose), gutters)


def _continues(a: Box, b: Box, height: float) -> bool:
    """True for neighbouring lines of one paragraph or its indented first line."""
    distance = abs(a.center[1] - b.center[1])
    shared = min(a.x1, b.x1) - max(a.x0, b.x0)
    return (
        0.5 * height < distance < _PITCH * height
        and shared > 0.75 * max(a.width, b.width)
        and 0.7 < a.height / max(1.0, b.height) < 1.43
    )


def _gutters(prose: Sequence[Box], height: float) -> tuple[float, ...]:
    """Between lines of prose that stand beside each other over a good stretch."""
    if len(prose) < 4:
        return ()
    lefts = sorted({round(box.x0) for box in prose})
    found: list[float] = []
    for left in lefts:
        before = [box for box in prose if box.x1 < left]
        after = [box for box in prose if box.x0 >= left - 0.5 * height]
        crossing = len(prose) - len(before) - len(after)
        if len(before) >= 3 and len(after) >= 3 and crossing == 0:
            middle = (max(box.x1 for box in before) + left) / 2
            if not found or middle - found[-1] > _LONG * height:
                found.append(middle)
    return tuple(found)


def _has_company(index: int, boxes: Sequence[Box], stacked: set[int], gutters: Sequence[float]) -> bool:
    """True when something that is no prose stands on the line, in the same text column: a cell of a table."""
    box = boxes[index]
    return any(
        other not in stacked
        and abs(candidate.center[1] - box.center[1]) < 0.6 * box.height
        and not any(min(box.x1, candidate.x1) <= x <= max(box.x0, candidate.x0) for x in gutters)
        and candidate.width > 0.8 * box.height
        for other, candidate in enumerate(boxes)
        if other != index
    )


def _short_endings(words: Sequence[Word], prose: set[int], height: float) -> set[int]:
    """Last lines of paragraphs: alone, below a line of prose and flush with it on the left."""
    endings: set[int] = set()
    for i, word in enumerate(words):
        if i in prose:
            continue
        above = any(
            0.5 * height < word.box.center[1] - words[j].box.center[1] < _PITCH * height
            and abs(word.box.x0 - words[j].box.x0) < 1.5 * height
            and word.box.x1 <= words[j].box.x1 + height
            for j in prose
        )
        if above and _is_alone(i, words):
            endings.add(i)
    return endings


def _is_alone(index: int, words: Sequence[Word]) -> bool:
    box = words[index].box
    return not any(
        j != index and abs(w.box.center[1] - box.center[1]) < 0.6 * box.height for j, w in enumerate(words)
    )
