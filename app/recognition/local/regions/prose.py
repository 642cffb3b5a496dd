"""Tells running text from what may stand in a table, and finds the gutters between a page's text columns."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from app.recognition.evidence import Ruling, Word
from app.recognition.local.lines import box_of, text_lines
from app.recognition.local.regions.gutters import Gutter, find_gutters
from app.tables.geometry import Box

_LONG = 16.0
"""Width of a line of prose, in character heights, from which it counts."""
_SENTENCE_GAP = 2.4
"""Justified text has gaps up to this wide, in character heights."""
_LEAST_CHARS = 24
_CHARS_PER_PART = 12
"""A line whose parts between wide gaps are shorter on average reads as a row of cells."""
_SENTENCE_CHARS = 45
"""A line of text alone is prose from this length on."""
_SENTENCE_TOKENS = 7
_COLUMN_GAP = 1.3
"""A gap this wide in a line with narrower spaces, in character heights, may part two columns of a table."""
_BETWEEN = 0.9
_BESIDE = 0.25
"""Share of a paragraph's lines."""
_PITCH = 2.6
"""Distance of the next line of the same paragraph, in character heights, double spacing included."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The running text of a page."""

    prose: frozenset[int]
    """``id`` of each word that belongs to it."""
    gutters: tuple[Gutter, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of one line with no more than a sentence's gap between them."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def find_prose(words: Sequence[Word], rulings: Sequence[Ruling], height: float) -> Layout:
    """Lines that fill their column, one below the other, with nothing beside them in the same column."""
    pieces = [piece for line in text_lines(words) for piece in _pieces(line, height)]
    long = [piece for piece in pieces if _is_long(piece, height)]
    stacked = [
        a
        for a in long
        if any(_continues(a, b, height) for b in long if b is not a) or _is_sentence(a, pieces)
    ]
    gutters = find_gutters([piece.box for piece in stacked], [piece.box for piece in pieces], rulings, height)
    chosen = set(map(id, stacked))
    others = [piece for piece in pieces if id(piece) not in chosen]
    prose = [
        piece
        for paragraph in _paragraphs(stacked, height)
        if not _is_cell(paragraph, others, gutters)
        for piece in paragraph
    ]
    prose += _short_endings(pieces, prose, height)
    return Layout(frozenset(id(word) for piece in prose for word in piece.words), gutters)


def _pieces(line: Sequence[Word], height: float) -> list[_Piece]:
    groups: list[list[Word]] = [[line[0]]]
    for left, right in itertools.pairwise(line):
        if right.box.x0 - left.box.x1 > _SENTENCE_GAP * height:
            groups.append([])
        groups[-1].append(right)
    return [_Piece(tuple(group), box_of(group)) for group in groups]


def _is_long(piece: _Piece, height: float) -> bool:
    text = piece.text
    letters = sum(char.isalpha() for char in text)
    return (
        piece.box.width > _LONG * height
        and len(text) > _LEAST_CHARS
        and len(text) > _CHARS_PER_PART * len(piece.words)
        and letters > 0.6 * len(text.replace(" ", ""))
    )


def _is_sentence(piece: _Piece, pieces: Sequence[_Piece]) -> bool:
    tokens = piece.text.split()
    lower = sum(token[0].islower() for token in tokens)
    return (
        len(piece.text) > _SENTENCE_CHARS * max(1, len(piece.words) / 4)
        and len(tokens) >= _SENTENCE_TOKENS
        and 2 * lower > len(tokens)
        and _is_alone(piece, pieces)
    )


def _continues(piece: _Piece, other: _Piece, height: float) -> bool:
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


def _share_column_gap(piece: _Piece, other: _Piece, height: float) -> bool:
    """True where both lines leave the same place free: the spaces of justified text are of one width."""
    return any(
        min(a[1], b[1]) - max(a[0], b[0]) > _COLUMN_GAP / 2 * height
        for a in _column_gaps(piece, height)
        for b in _column_gaps(other, height)
    )


def _column_gaps(piece: _Piece, height: float) -> list[tuple[float, float]]:
    if not any(" " in word.text.strip() for word in piece.words):
        return []
    return [
        (a.box.x1, b.box.x0)
        for a, b in itertools.pairwise(piece.words)
        if b.box.x0 - a.box.x1 > _COLUMN_GAP * height
    ]


def _paragraphs(lines: Sequence[_Piece], height: float) -> list[list[_Piece]]:
    """Lines that continue each other, top to bottom."""
    found: list[list[_Piece]] = []
    for line in lines:
        home = next((p for p in reversed(found) if _continues(p[-1], line, height)), None)
        if home is None:
            found.append([line])
        else:
            home.append(line)
    return found


def _is_cell(paragraph: Sequence[_Piece], others: Sequence[_Piece], gutters: Sequence[Gutter]) -> bool:
    """True where other things stand beside a good part of its lines: the values of a row with a long name."""
    beside = sum(_has_company(piece, others, gutters) for piece in paragraph)
    return beside > _BESIDE * len(paragraph)


def _has_company(piece: _Piece, others: Sequence[_Piece], gutters: Sequence[Gutter]) -> bool:
    """True when something that is no prose stands beside the line, or between it and the next one, in the
    same text column: a cell of a table."""
    box = piece.box
    return any(
        abs(other.box.center[1] - box.center[1]) < _BETWEEN * box.height
        and not any(gutter.parts(box, other.box) for gutter in gutters)
        and (other.box.width > 0.8 * box.height or (other.box.x0 > box.x1 and other.text.isalnum()))
        for other in others
    )


def _short_endings(pieces: Sequence[_Piece], prose: Sequence[_Piece], height: float) -> list[_Piece]:
    """Last lines of paragraphs: alone, below a line of prose and flush with it on the left."""
    chosen = set(map(id, prose))
    return [
        piece
        for piece in pieces
        if id(piece) not in chosen
        and any(_ends(piece.box, above.box, height) for above in prose)
        and _is_alone(piece, pieces)
    ]


def _ends(box: Box, above: Box, height: float) -> bool:
    return (
        0.5 * height < box.center[1] - above.center[1] < _PITCH * height
        and abs(box.x0 - above.x0) < 2 * height
        and box.x1 <= above.x1 + height
    )


def _is_alone(piece: _Piece, pieces: Sequence[_Piece]) -> bool:
    box = piece.box
    return not any(
        other is not piece
        and abs(other.box.center[1] - box.center[1]) < 0.6 * box.height
        and other.box.x0 - box.x1 < 5 * box.height
        and box.x0 - other.box.x1 < 5 * box.height
        for other in pieces
    )
