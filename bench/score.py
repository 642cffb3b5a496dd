"""Share of the truth's non-empty cells that stand in the best fitting prediction with exactly that text.

Rows and columns are aligned, so that one lost row does not condemn all below it (``labels.py``).
"""

from __future__ import annotations

from bench.labels import Grid, aligned, dense, norm


def exact_cells(truth: Grid, found: Grid) -> float:
    """0..1 for one table."""
    if not found["cells"]:
        return 0.0
    seen = dense(found)
    rows, cols = aligned(seen, dense(truth))
    full = [cell for cell in truth["cells"] if norm(cell["text"])]
    good = sum(
        cell["r"] in rows
        and cell["c"] in cols
        and seen[rows[cell["r"]]][cols[cell["c"]]] == norm(cell["text"])
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
