"""A page says the same words again and again: a doubtful one is read as the one that stands there clearly.

Only what the decoder itself held likely is ever taken, and only words of letters: of two similar numbers both
may be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.recognition.evidence import Rival, Word, rivals_within
from app.recognition.local.repair.edits import other_texts, repaired

_DOUBT = 0.15
"""A token with a rival as likely as this is doubtful."""
_LEAST = 0.01
"""Probability of the readings that are taken instead."""
_TOKEN = re.compile(r"\S+")


def with_vocabulary(words: Sequence[Word]) -> list[Word]:
    """The words, doubtful tokens that are nowhere read clearly exchanged for one that is."""
    known = {
        word.text[start:end]
        for word in words
        for start, end in _tokens(word)
        if _is_word(word.text[start:end]) and not _is_doubtful(word, start, end)
    }
    return [_with_known(word, known) for word in words]


def _with_known(word: Word, known: set[str]) -> Word:
    text = word.text
    for start, end in reversed(list(_tokens(word))):
        if word.text[start:end] not in known and _is_doubtful(word, start, end):
            token = _likeliest(word.text[start:end], rivals_within(word.rivals, start, end), known)
            text = text[:start] + token + text[end:]
    return word if text == word.text else repaired(word, text)


def _likeliest(token: str, rivals: Sequence[Rival], known: set[str]) -> str:
    found = [(chance, text) for text, chance in other_texts(token, rivals) if text in known]
    chance, text = max(found, default=(0.0, token))
    return text if chance >= _LEAST else token


def _tokens(word: Word) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _TOKEN.finditer(word.text))


def _is_word(token: str) -> bool:
    return len(token) > 1 and token[0].isalpha() and not any(char.isdigit() for char in token)


def _is_doubtful(word: Word, start: int, end: int) -> bool:
    return any(
        start <= rival.start and rival.end <= end and rival.probability >= _DOUBT for rival in word.rivals
    )
