"""The confidence of every cell of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.recognition.local.fill import FilledCell
from app.recognition.local.trust.features import features
from app.recognition.local.trust.judged import Features, Judged
from app.recognition.local.trust.model import fitted_model

Confidence = Callable[[Features], float]
"""0..1, from the features of a cell with text."""

UNREAD = 0.2
"""Of an empty cell with ink in it that could not be read."""
_EMPTY = 0.98
"""Of an empty cell without ink."""


def confidences(judged: Judged, confidence: Confidence | None = None) -> Iterator[float]:
    """For each of ``judged.cells``, in their order: 0..1, the probability that its text and place are right.

    ``confidence``: what is asked instead of the fitted model.
    """
    asked = confidence or fitted_model().confidence
    for cell, known in zip(judged.cells, features(judged), strict=True):
        yield asked(known) if cell.text else _of_empty(cell, judged)


def _of_empty(cell: FilledCell, judged: Judged) -> float:
    """An empty cell that holds ink is not known to be empty."""
    holds_ink = any(cell.box.overlap(ink) > 0.5 * ink.area for ink in judged.region.unread)
    return UNREAD if holds_ink else _EMPTY
