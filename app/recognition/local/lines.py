"""Words in reading order: text lines, and the character height that all tolerances are measured in."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from app.recognition.evidence import Word
from app.tables.geometry import Box, hull

_RECENT = 6
"""A word can join one of so many lines that were begun last."""
FALLBACK_HEIGHT = 14.0
"""Pixels, where there is no word to measure."""


def char_height(words: Sequence[Word]) -> float:
    """Usual height of a word's ink in pixels: the median over all characters."""
    heights = sorted(word.box.height for word in words for _ in range(min(len(word.text), 40)))
    return max(4.0, heights[len(heights) // 2]) if heights else FALLBACK_HEIGHT


def text_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words that stand beside each other, top to bottom, each line left to right.

    A word joins the line whose nearest words it overlaps by more than half of the lower height of both.
    """
    ordered = sorted(words, key=lambda w: w.box.center[1])
    if len(ordered) == 1:
        return [ordered]
    lines: list[list[Word]] = []
    bottoms: list[float] = []
    for word in ordered:
        recent = range(max(0, len(lines) - _RECENT), len(lines))
        shares = {i: _overlap(lines[i], word.box) for i in recent if bottoms[i] > word.box.y0}
        best = max(shares, key=shares.__getitem__, default=-1)
        if best >= 0 and shares[best] > 0.5:
            lines[best].append(word)
            bottoms[best] = max(bottoms[best], word.box.y1)
        else:
            lines.append([word])
            bottoms.append(word.box.y1)
    for line in lines:
        line.sort(key=lambda w: w.box.x0)
    return sorted(lines, key=lambda line: sum(w.box.center[1] for w in line) / len(line))


def box_of(words: Iterable[Word]) -> Box:
    """The smallest box around the words; ValueError of none."""
    found = hull(word.box for word in words)
    if found is None:
        raise ValueError("no words, no box")
    return found


def _overlap(line: Sequence[Word], box: Box) -> float:
    """Mean share of the lower height that ``box`` and the line's nearest words have in common vertically."""
    middle = box.x0 + box.x1
    near = heapq.nsmallest(2, line, key=lambda w: abs(w.box.x0 + w.box.x1 - middle))
    return sum(shared_height(word.box, box) for word in near) / len(near)


def shared_height(a: Box, b: Box) -> float:
    """Share of the lower one's height that both have in common; not above 0 for one below the other."""
    common = min(a.y1, b.y1) - max(a.y0, b.y0)
    return common / max(1e-6, min(a.height, b.height))
