"""Words of one line of text with no more than a sentence's gap between them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from app.recognition.evidence import Word
from app.recognition.local.lines import box_of
from app.recognition.local.regions.gutters import Gutter
from app.tables.geometry import Box

_SENTENCE_GAP = 2.4
"""Justified text has gaps up to this wide, in character heights."""
_EQUAL = 1.5
"""Largest ratio of the gaps in one line of justified text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One of them."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def pieces_of(line: Sequence[Word], height: float) -> list[Piece]:
    """The line cut at wide gaps. ``height``: character height."""
    return _cut(line, lambda left, right: right.box.x0 - left.box.x1 > _SENTENCE_GAP * height)


def parted(piece: Piece, gutters: Sequence[Gutter]) -> list[Piece]:
    """The piece, or its parts on both sides of a gutter: a table may reach to its edge."""
    return _cut(piece.words, lambda left, right: any(gutter.parts(left.box, right.box) for gutter in gutters))


def begun_at(piece: Piece, edges: Collection[float]) -> list[Piece]:
    """The piece, or its parts before and from words that begin at an edge."""
    return _cut(piece.words, lambda _, right: right.box.x0 in edges)


def _cut(words: Sequence[Word], parts: Callable[[Word, Word], bool]) -> list[Piece]:
    groups: list[list[Word]] = [[words[0]]]
    for left, right in itertools.pairwise(words):
        if parts(left, right):
            groups.append([])
        groups[-1].append(right)
    return [Piece(tuple(group), box_of(group)) for group in groups]


def has_equal_gaps(piece: Piece) -> bool:
    """True for words without digits that justification set apart."""
    gaps = [b.box.x0 - a.box.x1 for a, b in itertools.pairwise(piece.words)]
    return len(gaps) > 1 and max(gaps) < _EQUAL * min(gaps) and not any(map(str.isdigit, piece.text))


def is_alone(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """True where no other piece stands near it on its line."""
    box = piece.box
    return not any(
        other is not piece
        and abs(other.box.center[1] - box.center[1]) < 0.6 * box.height
        and other.box.x0 - box.x1 < 5 * box.height
        and box.x0 - other.box.x1 < 5 * box.height
        for other in pieces
    )
