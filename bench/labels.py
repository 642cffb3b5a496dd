"""Which cells of a recognised table are right, by the truth: rows and columns are aligned as the evaluation
kit does (longest common subsequence of similar rows, of similar columns), then texts compared."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

Grid = dict[str, Any]
Floats = NDArray[np.float64]
_VARIANTS = str.maketrans("–—−‐‑’‘“”•·", "-----''\"\"..")
_LEAST_SHARED = 0.2
"""Share of the smaller table's texts from which two tables can be the same."""


def norm(text: str) -> str:
    """What a reader would call the same text: typographic variants unified, white space dropped."""
    plain = unicodedata.normalize("NFKC", text or "").translate(_VARIANTS)
    return re.sub(r"\s+", "", plain)


def right_cells(truths: list[Grid], found: list[Grid], complete: bool = True) -> list[list[bool | None]]:
    """For every found table and each of its cells: right, wrong, or None where that is not asked: of empty
    cells, and of tables without a truth unless the truth is ``complete``."""
    return [
        [None if fault is None else not fault for fault in faults]
        for faults in faults_of(truths, found, complete)
    ]


def faults_of(truths: list[Grid], found: list[Grid], complete: bool = True) -> list[list[str | None]]:
    """The same, but of a wrong cell why it is wrong, "" of a right one. First match wins:

    table   there is no such table
    place   the text stands elsewhere in the true table, or where it has no row or column
    case    the right place; letters differ in case alone
    sign    the right place; letters and digits are the same
    text    the right place; letters or digits differ, or nothing stands there
    """
    partners = _partners(truths, found)
    return [
        _faults(truths[partners[i]], grid) if i in partners else _unknown(grid, complete)
        for i, grid in enumerate(found)
    ]


def _unknown(grid: Grid, complete: bool) -> list[str | None]:
    return ["table" if complete and norm(cell["text"]) else None for cell in grid["cells"]]


def _partners(truths: list[Grid], found: list[Grid]) -> dict[int, int]:
    """Found → true table: the pairs with the most texts in common, each used once."""
    bags = [
        [Counter(norm(c["text"]) for c in g["cells"] if norm(c["text"])) for g in side]
        for side in (truths, found)
    ]
    shared = sorted(
        ((sum((a & b).values()), i, j) for i, a in enumerate(bags[0]) for j, b in enumerate(bags[1])),
        reverse=True,
    )
    partners: dict[int, int] = {}
    for count, i, j in shared:
        least = _LEAST_SHARED * min(bags[0][i].total(), bags[1][j].total())
        if count > least and j not in partners and i not in partners.values():
            partners[j] = i
    return partners


def _faults(truth: Grid, found: Grid) -> list[str | None]:
    a, b = dense(truth), dense(found)
    rows, cols = aligned(a, b)
    texts = {text for row in a for text in row}
    return [_fault(cell, a, texts, rows, cols) for cell in found["cells"]]


def _fault(
    cell: dict[str, Any], truth: list[list[str]], texts: set[str], rows: dict[int, int], cols: dict[int, int]
) -> str | None:
    text = norm(cell["text"])
    if not text:
        return None
    wanted = {
        truth[rows[r]][cols[c]]
        for r in range(cell["r"], cell["r"] + cell["rs"])
        for c in range(cell["c"], cell["c"] + cell["cs"])
        if r in rows and c in cols
    }
    if text in wanted:
        return ""
    if text in texts or not wanted:
        return "place"
    if text.casefold() in map(str.casefold, wanted):
        return "case"
    return "sign" if plain(text) in map(plain, wanted) else "text"


def plain(text: str) -> str:
    """Its letters and digits, whatever their case."""
    return "".join(char for char in text if char.isalnum()).casefold()


def dense(grid: Grid) -> list[list[str]]:
    """The text at every position; a spanning cell's text stands at each of its own."""
    out = [["" for _ in range(grid["cols"])] for _ in range(grid["rows"])]
    for cell in grid["cells"]:
        for r in range(cell["r"], min(cell["r"] + cell["rs"], grid["rows"])):
            for c in range(cell["c"], min(cell["c"] + cell["cs"], grid["cols"])):
                out[r][c] = norm(cell["text"])
    return out


def aligned(a: list[list[str]], b: list[list[str]]) -> tuple[dict[int, int], dict[int, int]]:
    """Rows and columns of ``b`` → of ``a``."""
    alike = _alike(a, b)
    rows = _best_pairs(_best_sums(alike.transpose(1, 3, 0, 2)))
    cols = _best_pairs(_best_sums(alike.transpose(0, 2, 1, 3)))
    return {k: i for i, k in rows}, {k: i for i, k in cols}


def _alike(a: list[list[str]], b: list[list[str]]) -> Floats:
    """0..1 for rows of a × columns of a × rows of b × columns of b; empty and filled share nothing."""
    left, right = [text for row in a for text in row], [text for row in b for text in row]
    kinds = sorted({*left, *right})
    place = {text: i for i, text in enumerate(kinds)}
    table = cdist(kinds, kinds, scorer=Indel.normalized_similarity)
    flat = table[np.ix_([place[t] for t in left], [place[t] for t in right])]
    return flat.reshape(len(a), len(a[0]), len(b), len(b[0])).astype(np.float64)


def _best_sums(alike: Floats) -> Floats:
    """The best monotone alignment along the first two axes, for each pair of the last two."""
    n, m = alike.shape[:2]
    best = np.zeros((n + 1, m + 1, *alike.shape[2:]))
    for i in range(n):
        for j in range(m):
            best[i + 1, j + 1] = np.maximum(
                best[i, j] + alike[i, j], np.maximum(best[i, j + 1], best[i + 1, j])
            )
    return best[n, m]


def _best_pairs(alike: Floats) -> list[tuple[int, int]]:
    n, m = alike.shape
    best = np.zeros((n + 1, m + 1))
    for i in range(n):
        for j in range(m):
            best[i + 1, j + 1] = max(best[i, j] + alike[i, j], best[i, j + 1], best[i + 1, j])
    pairs, i, j = [], n, m
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs
