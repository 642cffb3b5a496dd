"""Rows of an answer beside the rows that were seen: a Needleman-Wunsch alignment that may join rows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.reconciling.texts import key

Floats = NDArray[np.float32]
_BUCKETS = 512
"""For pairs of characters; two in one bucket do little harm."""
_LEAST = 0.25
"""Likeness (Dice, 0..1) from which two rows may be the same."""
_JOINING = 0.03
"""What joining a row to its neighbour must gain."""
_MOST_PAIRS = 400_000
"""Of rows; some seconds."""
_STEPS = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1))
"""Rows of the answer to rows seen: lines of one cell as rows of their own, on either side."""


@dataclass(frozen=True, slots=True)
class RowPair:
    """Rows of the answer and of the page that say the same."""

    said: range
    seen: range


def bag(texts: Iterable[str]) -> Floats:
    """How often each pair of neighbouring characters stands in the words of a row."""
    counts = np.zeros(_BUCKETS, np.float32)
    for text in texts:
        for token in text.split():
            padded = f" {key(token)} "
            for i in range(len(padded) - 1):
                counts[zlib.crc32(padded[i : i + 2].encode(errors="surrogatepass")) % _BUCKETS] += 1
    return counts


def pair_rows(said: Sequence[Floats], seen: Sequence[Floats]) -> list[RowPair]:
    """The best pairs, top to bottom; none where either side is beyond any page."""
    if not said or not seen or len(said) * len(seen) > _MOST_PAIRS:
        return []
    gains = {step: _gains(_joined(said, step[0]), _joined(seen, step[1])) - _cost(step) for step in _STEPS}
    best = np.zeros((len(said) + 1, len(seen) + 1), np.float32)
    steps: dict[tuple[int, int], tuple[int, int]] = {}
    for i in range(1, len(said) + 1):
        for j in range(1, len(seen) + 1):
            options = [(best[i - 1, j], (1, 0)), (best[i, j - 1], (0, 1))]
            for (a, b), gain in gains.items():
                if a <= i and b <= j:
                    options.append((best[i - a, j - b] + gain[i - a, j - b], (a, b)))
            best[i, j], steps[i, j] = max(options, key=lambda option: option[0])
    return _filled(_traced(steps, len(said), len(seen)), len(said), len(seen))


def _cost(step: tuple[int, int]) -> float:
    return _LEAST + _JOINING * (sum(step) - 2)


def _joined(bags: Sequence[Floats], count: int) -> Floats:
    """Bags of each run of ``count`` neighbours."""
    stacked = np.stack(bags)
    if len(bags) < count:
        return np.zeros((0, _BUCKETS), np.float32)
    return np.asarray(sum(stacked[i : len(bags) - count + 1 + i] for i in range(count)), np.float32)


def _gains(said: Floats, seen: Floats) -> Floats:
    """Dice's coefficient of each pair; 0 of empty ones."""
    sizes = said.sum(1)[:, None] + seen.sum(1)[None, :]
    shared = np.zeros(sizes.shape, np.float32)
    for i, row in enumerate(said):
        shared[i] = np.minimum(row, seen).sum(1)
    return np.asarray(2 * shared / np.maximum(sizes, 1), np.float32)


def _traced(steps: dict[tuple[int, int], tuple[int, int]], i: int, j: int) -> list[RowPair]:
    pairs: list[RowPair] = []
    while i and j:
        a, b = steps[i, j]
        if a and b:
            pairs.append(RowPair(range(i - a, i), range(j - b, j)))
        i, j = i - a, j - b
    return pairs[::-1]


def _filled(pairs: list[RowPair], said: int, seen: int) -> list[RowPair]:
    """Where as many rows are left on both sides between two pairs, they are pairs as well: a row of which
    every text was altered."""
    whole: list[RowPair] = []
    i = j = 0
    for pair in (*pairs, RowPair(range(said, said), range(seen, seen))):
        left = pair.said.start - i
        if left == pair.seen.start - j:
            whole += [RowPair(range(i + k, i + k + 1), range(j + k, j + k + 1)) for k in range(left)]
        if len(pair.said):
            whole.append(pair)
        i, j = pair.said.stop, pair.seen.stop
    return whole
