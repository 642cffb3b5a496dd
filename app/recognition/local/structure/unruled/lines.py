"""Text lines of a table region: the words that stand side by side, and the tokens in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from app.recognition.local.evidence import Word

_SAME_LINE = 0.55
"""Centers of words on one line differ by less, in character heights."""


@dataclass(frozen=True, slots=True)
class Token:
    """Characters between spaces."""

    text: str
    x0: float
    x1: float
    begins: bool = True
    """False for a token behind a space within its word."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words of about the same height on the page, left to right."""

    words: tuple[Word, ...]
    top: float = field(init=False)
    bottom: float = field(init=False)
    center: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "top", min(word.box.y0 for word in self.words))
        object.__setattr__(self, "bottom", max(word.box.y1 for word in self.words))
        object.__setattr__(self, "center", median(word.box.center[1] for word in self.words))

    def tokens(self) -> list[Token]:
        """The tokens of all words, left to right."""
        found = [token for word in self.words for token in tokens_of(word)]
        return sorted(found, key=lambda token: (token.x0, token.x1))


def character_height(words: Sequence[Word]) -> float:
    """Median height of the words' ink in pixels, the unit of every tolerance; at least 1."""
    return max(1.0, median(word.box.height for word in words)) if words else 1.0


def text_lines(words: Sequence[Word], height: float) -> list[TextLine]:
    """The words grouped into lines, top to bottom. ``height`` is the character height."""
    groups: list[list[Word]] = []
    middle = total = 0.0
    for word in sorted(words, key=lambda word: word.box.center[1]):
        center = word.box.center[1]
        if groups and center - middle < _SAME_LINE * height:
            groups[-1].append(word)
            total += center
            middle = total / len(groups[-1])
        else:
            groups.append([word])
            middle = total = center
    return [TextLine(tuple(sorted(group, key=lambda word: word.box.x0))) for group in groups]


def tokens_of(word: Word) -> list[Token]:
    """The word's parts between spaces; the whole word where its characters' places are unknown."""
    edges = word.char_edges
    if len(edges) != len(word.text) + 1:
        return [Token(word.text, word.box.x0, word.box.x1)]
    if len(word.text.split()) == 1 and not word.text[0].isspace() and not word.text[-1].isspace():
        return [Token(word.text, edges[0], max(edges[-1], edges[0]))]
    return [
        Token(
            found.group(),
            edges[found.start()],
            max(edges[found.end()], edges[found.start()]),
            begins=not word.text[: found.start()].strip(),
        )
        for found in re.finditer(r"\S+", word.text)
    ]
