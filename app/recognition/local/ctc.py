"""Decoding of CTC probabilities into text with the place and the rivals of every character.

Greedy best path decoding (Graves et al. 2006): the likeliest symbol of each step, repeats collapsed,
blanks dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLANK = 0
_RIVAL = 0.04
"""A second symbol counts as an alternative from this probability on."""
_MOST_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text line image says."""

    text: str
    confidence: float
    """0..1, mean probability of the characters; 0 for empty text."""
    positions: tuple[float, ...] = ()
    """0..1, the middle of each character as a share of the image's width."""
    char_confidences: tuple[float, ...] = ()
    alternatives: tuple[str, ...] = ()
    """The text with one character exchanged for the second choice (or dropped), likeliest first."""


def decode(probabilities: NDArray[np.float32], characters: Sequence[str], filled: float = 1.0) -> Reading:
    """Reads steps × symbols probabilities. ``filled``: share of the steps that the text image takes (the rest
    is padding)."""
    best = probabilities.argmax(axis=1)
    top = probabilities[np.arange(len(best)), best]
    starts = _emissions(best)
    if not starts:
        return Reading("", 0.0)
    ends = [_run_end(best, start) for start in starts]
    steps = len(best) * max(filled, 1e-6)
    return Reading(
        text="".join(characters[int(best[start])] for start in starts),
        confidence=float(np.mean([top[start:end].max() for start, end in zip(starts, ends, strict=True)])),
        positions=tuple(min(1.0, (s + e) / 2 / steps) for s, e in zip(starts, ends, strict=True)),
        char_confidences=tuple(float(top[s:e].max()) for s, e in zip(starts, ends, strict=True)),
        alternatives=_alternatives(probabilities, best, list(zip(starts, ends, strict=True)), characters),
    )


def _emissions(best: NDArray[np.intp]) -> list[int]:
    """The steps at which a new character begins."""
    changed = np.r_[True, best[1:] != best[:-1]]
    return [int(step) for step in np.flatnonzero(changed & (best != BLANK))]


def _run_end(best: NDArray[np.intp], start: int) -> int:
    end = start + 1
    while end < len(best) and best[end] == best[start]:
        end += 1
    return end


def _alternatives(
    probabilities: NDArray[np.float32],
    best: NDArray[np.intp],
    runs: list[tuple[int, int]],
    characters: Sequence[str],
) -> tuple[str, ...]:
    text = [characters[int(best[start])] for start, _ in runs]
    rivals: list[tuple[float, str]] = []
    for place, (start, end) in enumerate(runs):
        peak = start + int(probabilities[start:end, int(best[start])].argmax())
        row = probabilities[peak].copy()
        row[int(best[start])] = 0.0
        second = int(row.argmax())
        if row[second] >= _RIVAL:
            replacement = "" if second == BLANK else characters[second]
            rivals.append((float(row[second]), "".join([*text[:place], replacement, *text[place + 1 :]])))
    rivals.sort(key=lambda rival: -rival[0])
    return tuple(reading for _, reading in rivals[:_MOST_ALTERNATIVES])
