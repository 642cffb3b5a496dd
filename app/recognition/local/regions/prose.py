"""Tells running text from what may stand in a table, and finds the gutters between a page's text columns."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.evidence import Ruling, Word
from app.recognition.local.lines import text_lines
from app.recognition.local.regions.gutters import Gutter, edges, find_gutters, find_narrow
from app.recognition.local.regions.pieces import (
    Piece,
    begun_at,
    has_equal_gaps,
    is_alone,
    parted,
    pieces_of,
)
from app.tables.geometry import Box

_LONG = 16.0
"""Width of a line of prose, in character heights, from which it counts."""
_LEAST_CHARS = 24
_CHARS_PER_PART = 12
"""A line whose parts between wide gaps are shorter on average reads as a row of cells."""
_SENTENCE_CHARS = 45
"""A line of text alone is prose from this length on."""
_SENTENCE_TOKENS = 7
_COLUMN_GAP = 1.3
"""A gap this wide in a line with narrower spaces, in character heights, may part two columns of a table."""
_FLUSH_GAP, _FLUSH = 0.9, 0.15
"""A gap this wide, in character heights, parts two columns where the text behind it begins so evenly."""
_INDENT = 3.0
"""Of a paragraph's first line, in character heights, at most."""
_UNDER = 0.8
"""Share of a line's width."""
_BETWEEN = 0.9
_BESIDE = 0.25
"""Share of a paragraph's lines."""
_PITCH = 2.6
"""Distance of the next line of the same paragraph, in character heights, double spacing included."""
_SAME_PITCH = 1.3
"""Largest ratio of the distances of lines of one paragraph."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The running text of a page."""

    prose: frozenset[int]
    """``id`` of each word that belongs to it."""
    gutters: tuple[Gutter, ...]


def find_prose(words: Sequence[Word], rulings: Sequence[Ruling], height: float) -> Layout:
    """Lines that fill their column, one below the other, with nothing beside them in the same column."""
    pieces = [piece for line in text_lines(words) for piece in pieces_of(line, height)]
    bars = [ruling for ruling in rulings if ruling.horizontal]
    stacked = _stacked(pieces, bars, height)
    boxes = [word.box for word in words]
    gutters = find_gutters([piece.box for piece in stacked], boxes, rulings, height)
    if not gutters:
        at = edges(([word.box for word in piece.words] for piece in pieces), height)
        columns = [part for piece in pieces for part in begun_at(piece, at)]
        long = [piece.box for piece in _stacked(columns, bars, height)]
        gutters = find_narrow(long, boxes, rulings, height)
    halves = [part for piece in pieces for part in parted(piece, gutters)]
    if len(halves) > len(pieces):
        pieces, stacked = halves, _stacked(halves, bars, height)
    chosen = set(map(id, stacked))
    others = [piece for piece in pieces if id(piece) not in chosen]
    prose = [
        piece
        for paragraph in _paragraphs(stacked, height)
        if not _is_cell(paragraph, others, gutters)
        for piece in paragraph
    ]
    prose += _short_endings(pieces, prose, height)
    prose += _stretched(pieces, prose, height)
    return Layout(frozenset(id(word) for piece in prose for word in piece.words), gutters)


def _stacked(pieces: Sequence[Piece], bars: Sequence[Ruling], height: float) -> list[Piece]:
    """Long pieces above or below another one, and whole sentences. ``bars``: the horizontal rulings."""
    long = [piece for piece in pieces if _is_long(piece, height)]
    return [
        a
        for a in long
        if any(_continues(a, b, height) and not _are_parted(a, b, bars) for b in long if b is not a)
        or _is_sentence(a, pieces)
    ]


def _are_parted(a: Piece, b: Piece, bars: Sequence[Ruling]) -> bool:
    """True where a ruling as long as one of the lines lies between them: rows, or a row and a title."""
    top, bottom = sorted((a.box.center[1], b.box.center[1]))
    return any(
        top < bar.at < bottom
        and min(bar.end, a.box.x1) - max(bar.start, a.box.x0) > _UNDER * min(a.box.width, b.box.width)
        for bar in bars
    )


def _is_long(piece: Piece, height: float) -> bool:
    text = piece.text
    letters = sum(char.isalpha() for char in text)
    return (
        piece.box.width > _LONG * height
        and len(text) > _LEAST_CHARS
        and len(text) > _CHARS_PER_PART * len(piece.words)
        and letters > 0.6 * len(text.replace(" ", ""))
    )


def _is_sentence(piece: Piece, pieces: Sequence[Piece]) -> bool:
    tokens = piece.text.split()
    lower = sum(token[0].islower() for token in tokens)
    return (
        len(piece.text) > _SENTENCE_CHARS * max(1, len(piece.words) / 4)
        and len(tokens) >= _SENTENCE_TOKENS
        and 2 * lower > len(tokens)
        and is_alone(piece, pieces)
    )


def _continues(piece: Piece, other: Piece, height: float) -> bool:
    """True for neighbouring lines of one paragraph or its indented first line."""
    a, b = piece.box, other.box
    distance = abs(a.center[1] - b.center[1])
    shared = min(a.x1, b.x1) - max(a.x0, b.x0)
    return (
        0.5 * height < distance < _PITCH * height
        and shared > 0.75 * max(a.width, b.width)
        and 0.7 < a.height / max(1.0, b.height) < 1.43
        and not _share_column_gap(piece, other, height)
    )


def _share_column_gap(piece: Piece, other: Piece, height: float) -> bool:
    """True where both lines leave the same place free, or go on at the same place behind a gap: the spaces of
    justified text are of one width."""
    return any(
        abs(a[1] - b[1]) < _FLUSH * height
        or (
            min(a[1] - a[0], b[1] - b[0]) > _COLUMN_GAP * height
            and min(a[1], b[1]) - max(a[0], b[0]) > _COLUMN_GAP / 2 * height
        )
        for a in _column_gaps(piece, height)
        for b in _column_gaps(other, height)
    )


def _column_gaps(piece: Piece, height: float) -> list[tuple[float, float]]:
    if not any(" " in word.text.strip() for word in piece.words):
        return []
    return [
        (a.box.x1, b.box.x0)
        for a, b in itertools.pairwise(piece.words)
        if b.box.x0 - a.box.x1 > _FLUSH_GAP * height
    ]


def _paragraphs(lines: Sequence[Piece], height: float) -> list[list[Piece]]:
    """Lines that continue each other, top to bottom."""
    found: list[list[Piece]] = []
    for line in lines:
        home = next((p for p in reversed(found) if _continues(p[-1], line, height)), None)
        if home is None:
            found.append([line])
        else:
            home.append(line)
    return found


def _is_cell(paragraph: Sequence[Piece], others: Sequence[Piece], gutters: Sequence[Gutter]) -> bool:
    """True where other things stand beside a good part of its lines: the values of a row with a long name."""
    beside = sum(_has_company(piece, others, gutters) for piece in paragraph)
    return beside > _BESIDE * len(paragraph)


def _has_company(piece: Piece, others: Sequence[Piece], gutters: Sequence[Gutter]) -> bool:
    """True when something that is no prose stands beside the line, or between it and the next one, in the
    same text column: a cell of a table."""
    box = piece.box
    return any(
        abs(other.box.center[1] - box.center[1]) < _BETWEEN * box.height
        and not any(gutter.parts(box, other.box) for gutter in gutters)
        and (other.box.width > 0.8 * box.height or (other.box.x0 > box.x1 and other.text.isalnum()))
        for other in others
    )


def _short_endings(pieces: Sequence[Piece], prose: Sequence[Piece], height: float) -> list[Piece]:
    """Last lines of paragraphs: alone, below a line of prose and flush with it on the left. They are never
    stretched: words set apart name columns."""
    chosen = set(map(id, prose))
    return [
        piece
        for piece in pieces
        if id(piece) not in chosen
        and any(_ends(piece.box, above.box, prose, height) for above in prose)
        and is_alone(piece, pieces)
        and all(b.box.x0 - a.box.x1 <= _COLUMN_GAP * height for a, b in itertools.pairwise(piece.words))
    ]


def _ends(box: Box, above: Box, prose: Sequence[Piece], height: float) -> bool:
    """True for a line as far below the one ``above`` as that is below the line before it, if it has one."""
    distance = box.center[1] - above.center[1]
    return (
        0.5 * height < distance < _PITCH * height
        and abs(box.x0 - above.x0) < 2 * height
        and box.x1 <= above.x1 + height
        and distance < _SAME_PITCH * min(_distances(above, prose, height), default=distance)
    )


def _distances(box: Box, prose: Sequence[Piece], height: float) -> list[float]:
    """To the lines of prose right above it."""
    over = [piece.box for piece in prose if min(piece.box.x1, box.x1) > max(piece.box.x0, box.x0)]
    return [
        d for d in (box.center[1] - other.center[1] for other in over) if 0.5 * height < d < _PITCH * height
    ]


def _stretched(pieces: Sequence[Piece], prose: Sequence[Piece], height: float) -> list[Piece]:
    """First lines of paragraphs with few words: as wide as the line of prose below, all gaps equally wide."""
    chosen = set(map(id, prose))
    return [
        piece
        for piece in pieces
        if id(piece) not in chosen
        and has_equal_gaps(piece)
        and any(_begins(piece.box, below.box, height) for below in prose)
    ]


def _begins(box: Box, below: Box, height: float) -> bool:
    return (
        0.5 * height < below.center[1] - box.center[1] < _PITCH * height
        and -height / 2 < box.x0 - below.x0 < _INDENT * height
        and abs(box.x1 - below.x1) < height / 2
    )
