"""Share of the truth's non-empty cells that stand in the best fitting prediction with exactly that text.

Rows and columns are aligned by the longest common subsequence of similar ones, so that one lost row does not
condemn all below it. White space is ignored.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

Grid = dict[str, Any]
"""``{"rows": int, "cols": int, "cells": [{"r", "c", "rs", "cs", "text"}, …]}``"""


def dense(grid: Grid) -> list[list[str]]:
    """The text at every position; a spanning cell's text stands at each."""
    rows = [["" for _ in range(grid["cols"])] for _ in range(grid["rows"])]
    for cell in grid["cells"]:
        for r in range(cell["r"], min(cell["r"] + cell["rs"], grid["rows"])):
            for c in range(cell["c"], min(cell["c"] + cell["cs"], grid["cols"])):
                rows[r][c] = re.sub(r"\s+", "", cell["text"])
    return rows


def _alike(a: list[str], b: list[str]) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _aligned(a: list[list[str]], b: list[list[str]]) -> dict[int, int]:
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            best[i + 1][j + 1] = max(best[i][j] + _alike(x, y), best[i][j + 1], best[i + 1][j])
    pairs, i, j = {}, len(a), len(b)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs[i] = j
    return pairs


def exact_cells(truth: Grid, found: Grid) -> float:
    """0..1 for one table."""
    a, b = dense(truth), dense(found)
    rows = _aligned(a, b)
    cols = _aligned([list(col) for col in zip(*a, strict=True)], [list(col) for col in zip(*b, strict=True)])
    full = [cell for cell in truth["cells"] if cell["text"].strip()]
    good = sum(
        cell["r"] in rows
        and cell["c"] in cols
        and b[rows[cell["r"]]][cols[cell["c"]]] == re.sub(r"\s+", "", cell["text"])
        for cell in full
    )
    return good / max(1, len(full))


def exact_cells_of_image(truths: list[Grid], found: list[Grid]) -> float:
    """The mean over the image's true tables; each prediction is used once."""
    left, scores = list(found), []
    for truth in truths:
        tried = [(exact_cells(truth, grid), i) for i, grid in enumerate(left)]
        score, at = max(tried, default=(0.0, -1))
        if at >= 0:
            left.pop(at)
        scores.append(score)
    return sum(scores) / max(1, len(scores))
