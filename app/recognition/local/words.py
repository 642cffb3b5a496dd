"""Cuts the reading of a text line into words: where its image shows a wide gap without ink."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.recognition.evidence import Word, rivals_within
from app.recognition.local.crops import Crop
from app.recognition.local.ctc import Reading
from app.recognition.local.letters.ink import ink_of
from app.recognition.local.letters.raised import with_raised
from app.tables.geometry import Box

_WIDE_GAP = 0.9
"""In heights of the line's ink; a space in text is about a third of it."""

LETTERS = str.maketrans({"\u2206": "\u0394", "\u2126": "\u03a9"})
"""Letters for the signs of the increment and the ohm: nobody can see which of them was meant."""


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    """Characters ``start`` to ``end`` (exclusive) of the reading."""
    x0: float
    x1: float
    """Columns of the crop that hold the piece's ink."""


def words_of(crop: Crop, reading: Reading) -> list[Word]:
    """The reading as words with boxes close around their ink, left to right; none for empty text."""
    if not reading.text.strip():
        return []
    reading = with_raised(replace(reading, text=reading.text.translate(LETTERS)), crop.pixels)
    ink = ink_of(crop.pixels)
    top, bottom = _extent(_any(ink, 1))
    runs = _runs(_any(ink[top:bottom], 0), _WIDE_GAP * (bottom - top))
    return [
        _word(crop, reading, piece, top, bottom) for piece in _pieces(reading, runs, crop.pixels.shape[1])
    ]


def _any(ink: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    return np.asarray(ink.any(axis=axis), np.bool_)


def _extent(hits: NDArray[np.bool_]) -> tuple[int, int]:
    """First hit and the place after the last one; everything when there is none.

    What a crop shows of the lines above and below, thin at its edge and far from the text, is left out.
    """
    runs = [run for run in _runs(hits, 1) if hits[run[0]]]
    if not runs:
        return 0, len(hits)
    tall = max(runs, key=lambda run: run[1] - run[0])
    far = (tall[1] - tall[0]) / 2
    kept = [
        run
        for run in runs
        if not (run[0] == 0 and tall[0] - run[1] > far)
        and not (run[1] == len(hits) and run[0] - tall[1] > far)
    ]
    return kept[0][0], kept[-1][1]


def _runs(hits: NDArray[np.bool_], gap: float) -> list[tuple[int, int]]:
    """Stretches of hits, those less than ``gap`` apart joined."""
    places = np.flatnonzero(hits)
    if not len(places):
        return [(0, len(hits))]
    breaks = np.flatnonzero(np.diff(places) > gap)
    starts = [places[0], *places[breaks + 1]]
    ends = [*places[breaks], places[-1]]
    return [(int(start), int(end) + 1) for start, end in zip(starts, ends, strict=True)]


def _pieces(reading: Reading, runs: list[tuple[int, int]], width: int) -> list[_Piece]:
    """Each character goes to the run nearest to it; runs that get none are specks."""
    owner = [
        min(range(len(runs)), key=lambda i: max(runs[i][0] - x, x - runs[i][1]))
        for x in (position * width for position in reading.positions)
    ]
    pieces: list[_Piece] = []
    for i, (x0, x1) in enumerate(runs):
        places = [place for place, run in enumerate(owner) if run == i]
        if places and reading.text[places[0] : places[-1] + 1].strip():
            pieces.append(_Piece(places[0], places[-1] + 1, x0, x1))
    return pieces


def _word(crop: Crop, reading: Reading, piece: _Piece, top: int, bottom: int) -> Word:
    height, width = crop.pixels.shape[:2]
    across, down = crop.box.width / width, crop.box.height / height
    raw = reading.text[piece.start : piece.end]
    start = piece.start + len(raw) - len(raw.lstrip())
    end = piece.end - (len(raw) - len(raw.rstrip()))
    whole = start == 0 and end == len(reading.text)
    x0, x1 = crop.box.x0 + piece.x0 * across, crop.box.x0 + piece.x1 * across
    centers = [crop.box.x0 + place * crop.box.width for place in reading.positions[start:end]]
    return Word(
        text=reading.text[start:end],
        box=Box(x0, crop.box.y0 + top * down, x1, crop.box.y0 + bottom * down),
        confidence=float(np.mean(reading.char_confidences[start:end])),
        alternatives=reading.alternatives if whole else (),
        char_edges=_edges(centers, x0, x1),
        rivals=rivals_within(reading.rivals, start, end),
    )


def _edges(centers: list[float], x0: float, x1: float) -> tuple[float, ...]:
    """Boundaries half way between the characters' middles, within ``x0`` to ``x1``."""
    between = [(a + b) / 2 for a, b in itertools.pairwise(centers)]
    return (x0, *(min(max(x, x0), x1) for x in between), x1)
