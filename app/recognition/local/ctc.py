"""Decoding of CTC probabilities into text with the place and the rivals of every character.

Greedy best path decoding (Graves et al. 2006): the likeliest symbol of each step, repeats collapsed,
blanks dropped.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.evidence import Rival

BLANK = 0
_LEAST_PROBABILITY = 0.004
"""What is less likely than this at every step is left out of a spelling."""
_RIVAL = 0.01
"""A second symbol counts as a rival from this probability on."""
_ALTERNATIVE = 0.04
"""… and makes an alternative text from this one on."""
_MOST_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class Spelling:
    """The recognition network's answer to one text line image."""

    probabilities: NDArray[np.float32]
    """steps × symbols."""
    characters: tuple[str, ...]
    """Symbol of each column, the blank first."""
    filled: float = 1.0
    """Share of the steps that the text image takes; the rest is padding."""


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
    rivals: tuple[Rival, ...] = ()
    """Other symbols for single characters and between them, likeliest first."""


def spelling(probabilities: NDArray[np.float32], characters: Sequence[str], filled: float) -> Spelling:
    """A copy without the symbols that are likely nowhere: a handful of the network's thousands."""
    likely = probabilities.max(axis=0) >= _LEAST_PROBABILITY
    likely[BLANK] = True
    kept = np.flatnonzero(likely)
    return Spelling(probabilities[:, kept], tuple(characters[int(i)] for i in kept), filled)


def decode(spelt: Spelling) -> Reading:
    """The likeliest text, and its rivals."""
    best = spelt.probabilities.argmax(axis=1)
    runs = _runs(best)
    if not runs:
        return Reading("", 0.0)
    steps = len(best) * max(spelt.filled, 1e-6)
    text = "".join(spelt.characters[int(best[start])] for start, _ in runs)
    confidences = _confidences(spelt, best, runs)
    rivals = sorted([*_exchanges(spelt, best, runs), *_insertions(spelt, best, runs)], key=_likeliest)
    return Reading(
        text=text,
        confidence=float(np.mean(confidences)),
        positions=tuple(min(1.0, (start + end) / 2 / steps) for start, end in runs),
        char_confidences=tuple(confidences),
        alternatives=_alternatives(text, rivals),
        rivals=tuple(rivals),
    )


def least_sure(spelt: Spelling) -> float:
    """0..1, the probability of the character that is least so, or of the gap; 0 for empty text."""
    best = spelt.probabilities.argmax(axis=1)
    runs = _runs(best)
    gaps = (1 - rival.probability for rival in _insertions(spelt, best, runs))
    return min([*_confidences(spelt, best, runs), *gaps]) if runs else 0.0


def _confidences(spelt: Spelling, best: NDArray[np.intp], runs: list[tuple[int, int]]) -> list[float]:
    return [float(spelt.probabilities[s:e, int(best[s])].max()) for s, e in runs]


def _runs(best: NDArray[np.intp]) -> list[tuple[int, int]]:
    """The steps, first and behind the last, of each character."""
    edges = np.flatnonzero(np.r_[True, best[1:] != best[:-1], True])
    return [(int(a), int(b)) for a, b in itertools.pairwise(edges) if best[a] != BLANK]


def _exchanges(spelt: Spelling, best: NDArray[np.intp], runs: list[tuple[int, int]]) -> Iterator[Rival]:
    """Other symbols, the blank among them, where a character is surest."""
    for place, (start, end) in enumerate(runs):
        peak = start + int(spelt.probabilities[start:end, int(best[start])].argmax())
        row = spelt.probabilities[peak]
        for symbol in np.flatnonzero(row >= _RIVAL):
            if symbol != best[start]:
                text = "" if symbol == BLANK else spelt.characters[int(symbol)]
                yield Rival(place, place + 1, text, float(row[symbol]))


def _insertions(spelt: Spelling, best: NDArray[np.intp], runs: list[tuple[int, int]]) -> Iterator[Rival]:
    """Symbols that come near the blank between two characters, other than those two."""
    ends = [0, *(end for _, end in runs)]
    starts = [*(start for start, _ in runs), len(best)]
    for place, (start, end) in enumerate(zip(ends, starts, strict=True)):
        if start == end:
            continue
        most = spelt.probabilities[start:end].max(axis=0)
        beside = {int(best[runs[i][0]]) for i in (place - 1, place) if 0 <= i < len(runs)}
        for symbol in np.flatnonzero(most >= _RIVAL):
            if symbol != BLANK and int(symbol) not in beside:
                yield Rival(place, place, spelt.characters[int(symbol)], float(most[symbol]))


def _likeliest(rival: Rival) -> float:
    return -rival.probability


def _alternatives(text: str, rivals: Sequence[Rival]) -> tuple[str, ...]:
    """From the likeliest rival of each character."""
    seen: dict[int, str] = {}
    for rival in rivals:
        if rival.start < rival.end and rival.probability >= _ALTERNATIVE:
            seen.setdefault(rival.start, rival.applied(text))
    return tuple(seen.values())[:_MOST_ALTERNATIVES]
