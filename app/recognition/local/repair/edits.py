"""Other readings of a word, from what the decoder held likely at single places of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.recognition.evidence import Rival, Word

_MOST_RIVALS = 8
"""Likeliest ones of a word that are tried."""
_MOST_EDITS = 2


def other_texts(text: str, rivals: Sequence[Rival]) -> Iterator[tuple[str, float]]:
    """Texts with one or two places read otherwise, and the probability of those readings."""
    likely = sorted(rivals, key=lambda rival: -rival.probability)[:_MOST_RIVALS]
    for count in range(1, _MOST_EDITS + 1):
        for edits in itertools.combinations(likely, count):
            ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
            if all(a.end <= b.start for a, b in itertools.pairwise(ordered)):
                yield _edited(text, ordered), _product(ordered)


def repaired(word: Word, text: str) -> Word:
    """The word with another text; what was read first stays with it. Its characters keep their places and
    rivals where there are as many."""
    same = len(text) == len(word.text)
    raw = word.text if word.raw_text is None else word.raw_text
    edges, rivals = (word.char_edges, word.rivals) if same else ((), ())
    alternatives = (raw, *(other for other in word.alternatives if other not in (raw, text)))
    return replace(word, text=text, raw_text=raw, char_edges=edges, rivals=rivals, alternatives=alternatives)


def _edited(text: str, edits: Sequence[Rival]) -> str:
    for edit in reversed(edits):
        text = edit.applied(text)
    return text


def _product(edits: Sequence[Rival]) -> float:
    probability = 1.0
    for edit in edits:
        probability *= edit.probability
    return probability
