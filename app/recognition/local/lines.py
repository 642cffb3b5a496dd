"""Words in reading order: text lines, and the character height that all tolerances are measured in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.recognition.evidence import Word
from app.tables.geometry import Box, hull

FALLBACK_HEIGHT = 14.0
"""Pixels, where there is no word to measure."""


def char_height(words: Sequence[Word]) -> float:
    """Usual height of a word's ink in pixels: the median over all characters."""
    heights = sorted(word.box.height for word in words for _ in range(min(len(word.text), 40)))
    return max(4.0, heights[len(heights) // 2]) if heights else FALLBACK_HEIGHT


def text_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words that stand beside each other, top to bottom, each line left to right.

    A word joins the line whose latest words it overlaps by more than half of the lower height of both.
    """
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box.center[1]):
        best = max(lines[-6:], key=lambda line: _overlap(line, word.box), default=None)
        if best is not None and _overlap(best, word.box) > 0.5:
            best.append(word)
        else:
            lines.append([word])
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
    near = sorted(line, key=lambda w: abs(w.box.center[0] - box.center[0]))[:2]
    return sum(_share(word.box, box) for word in near) / len(near)


def _share(a: Box, b: Box) -> float:
    common = min(a.y1, b.y1) - max(a.y0, b.y0)
    return common / max(1e-6, min(a.height, b.height))
