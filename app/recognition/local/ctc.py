"""Decoding of CTC probabilities into text with the place and the rivals of every character.

Greedy best path decoding (Graves et al. 2006): the likeliest symbol of each step, repeats collapsed,
blanks dropped.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class _Run:
    """Steps with the same likeliest symbol."""

    start: int
    end: int
    symbol: int
    confidence: float
    """Highest probability of the symbol."""


def decode(spelt: Spelling) -> Reading:
    """The likeliest text, and its rivals."""
    runs = _runs(spelt.probabilities)
    written = [run for run in runs if run.symbol != BLANK]
    if not written:
        return Reading("", 0.0)
    steps = len(spelt.probabilities) * max(spelt.filled, 1e-6)
    text = "".join(spelt.characters[run.symbol] for run in written)
    confidences = tuple(run.confidence for run in written)
    rivals = sorted([*_exchanges(spelt, written), *_insertions(spelt, runs)], key=_likeliest)
    return Reading(
        text=text,
        confidence=float(np.mean(confidences)),
        positions=tuple(min(1.0, (run.start + run.end) / 2 / steps) for run in written),
        char_confidences=confidences,
        alternatives=_alternatives(text, rivals),
        rivals=tuple(rivals),
    )


def least_sure(spelt: Spelling) -> float:
    """0..1, the probability of the character that is least so, or of the gap; 0 for empty text."""
    runs = _runs(spelt.probabilities)
    confidences = [run.confidence for run in runs if run.symbol != BLANK]
    gaps = (1 - rival.probability for rival in _insertions(spelt, runs))
    return min([*confidences, *gaps]) if confidences else 0.0


def _runs(probabilities: NDArray[np.float32]) -> list[_Run]:
    """All steps, those of the blank too."""
    best = probabilities.argmax(axis=1)
    edges = np.flatnonzero(np.r_[True, best[1:] != best[:-1], True])
    likely = np.maximum.reduceat(probabilities[np.arange(len(best)), best], edges[:-1])
    columns = edges[:-1].tolist(), edges[1:].tolist(), best[edges[:-1]].tolist(), likely.tolist()
    return [_Run(*run) for run in zip(*columns, strict=True)]


def _exchanges(spelt: Spelling, written: Sequence[_Run]) -> Iterator[Rival]:
    """Other symbols, the blank among them, where a character is surest."""
    for place, run in enumerate(written):
        peak = run.start + int(spelt.probabilities[run.start : run.end, run.symbol].argmax())
        row = spelt.probabilities[peak]
        for symbol in np.flatnonzero(row >= _RIVAL).tolist():
            if symbol != run.symbol:
                text = "" if symbol == BLANK else spelt.characters[symbol]
                yield Rival(place, place + 1, text, float(row[symbol]))


def _insertions(spelt: Spelling, runs: Sequence[_Run]) -> Iterator[Rival]:
    """Symbols that come near the blank between two characters, other than those two."""
    if not runs:
        return
    most = np.maximum.reduceat(spelt.probabilities, [run.start for run in runs], axis=0)
    places = np.cumsum([run.symbol != BLANK for run in runs]).tolist()
    for at, symbol in np.argwhere(most >= _RIVAL).tolist():
        beside = {BLANK, *(run.symbol for run in runs[max(0, at - 1) : at + 2])}
        if runs[at].symbol == BLANK and symbol not in beside:
            yield Rival(places[at], places[at], spelt.characters[symbol], float(most[at, symbol]))


def _likeliest(rival: Rival) -> float:
    return -rival.probability


def _alternatives(text: str, rivals: Sequence[Rival]) -> tuple[str, ...]:
    """From the likeliest rival of each character."""
    seen: dict[int, str] = {}
    for rival in rivals:
        if rival.start < rival.end and rival.probability >= _ALTERNATIVE:
            seen.setdefault(rival.start, rival.applied(text))
    return tuple(seen.values())[:_MOST_ALTERNATIVES]
