"""When two readings say the same: what stands in an answer and what was read off the page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache

_VARIANTS = str.maketrans(
    {
        **dict.fromkeys("–—−‐‑‒﹣－", "-"),
        **dict.fromkeys("‘’´`′", "'"),
        **dict.fromkeys("“”„″«»", '"'),
        **dict.fromkeys("•·∙⋅●▪", "."),
        "…": "...",
        "∗": "*",
        "Δ": "∆",
    }
)
_LOOKALIKES = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "ı": "1"})
"""Letters that nobody can tell from digits beside digits; for casefolded text."""
_AMID_DIGITS = re.compile(r"(?<=\d)[oliı|]+(?=[\d.,]|\b)|(?<![^\W\d])[oliı|]+(?=[.,]?\d)")
_NUMBER = re.compile(r"(?<![\w.,)%])-?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*")
"""With its sign; a dash behind another sign is none."""
_LEADERS = re.compile(r"\.{3,}|_{2,}|-{3,}")
_SAYING = re.compile(r"\w")
_CLOSE = 0.72
"""Likeness (Ratcliff/Obershelp, 0..1) from which texts with the same digits are two readings of one."""
_CLOSE_WITH_DIGITS = 0.5
_WORD = 4
"""Letters of a word that is looked at by itself."""
_FOUND = 0.75
"""Share of its letters that are the same in another reading of it."""


class Agreement(IntEnum):
    """How well two readings agree."""

    OTHER = 0
    CLOSE = 1
    """The same numbers, and letters that one of them misread."""
    SAME = 2


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """What a reader would call the same text: typographic variants, white space, case and leaders unified."""
    plain = unicodedata.normalize("NFKC", text).translate(_VARIANTS)
    return _LEADERS.sub("", "".join(plain.split())).casefold()


def says_something(text: str) -> bool:
    """Whether it has a letter or a digit."""
    return _SAYING.search(text) is not None


def has_digit(text: str) -> bool:
    """Whether a number stands in it."""
    return any(map(str.isdigit, text))


def likeness(a: str, b: str) -> float:
    """0..1, of two keys."""
    return 1.0 if a == b else SequenceMatcher(None, a, b, autojunk=False).ratio()


def agreement(said: str, readings: Iterable[str]) -> Agreement:
    """How well a text agrees with the best of the readings of one place."""
    return max((_agreement(said, reading) for reading in readings), default=Agreement.OTHER)


@lru_cache(maxsize=65536)
def _agreement(said: str, seen: str) -> Agreement:
    a, b = key(said), key(seen)
    if a == b or _bare(a) == _bare(b):
        return Agreement.SAME
    if _digits(a) != _digits(b):
        return Agreement.OTHER
    return Agreement.CLOSE if _is_misread(_letters(said), _letters(seen)) else Agreement.OTHER


def _is_misread(said: Sequence[str], seen: Sequence[str]) -> bool:
    """Whether letters differ here and there, but no word is another one. By word, its letters and digits."""
    matcher = SequenceMatcher(None, "".join(said), "".join(seen), autojunk=False)
    digits = any(map(has_digit, said))
    if matcher.ratio() < (_CLOSE_WITH_DIGITS if digits else _CLOSE):
        return False
    blocks = matcher.get_matching_blocks()
    found = (
        (words, {start + i for start, size in sides for i in range(size)})
        for words, sides in (
            (said, [(block.a, block.size) for block in blocks]),
            (seen, [(block.b, block.size) for block in blocks]),
        )
    )
    return all(_words_are_found(words, places) for words, places in found)


def _words_are_found(words: Sequence[str], places: set[int]) -> bool:
    """Whether most of each longer word is at the places that were found on the other side."""
    start = 0
    for word in words:
        found = sum(place in places for place in range(start, start + len(word)))
        if len(word) >= _WORD and found < _FOUND * len(word):
            return False
        start += len(word)
    return True


def _letters(text: str) -> list[str]:
    """The letters and digits of each word."""
    return [word for token in text.split() if (word := re.sub(r"[\W_]", "", key(token)))]


def essence(text: str) -> str:
    """Equal for texts that are the SAME."""
    return _bare(key(text))


def _bare(text: str) -> str:
    """Without what OCR cannot be trusted with: signs around words, letters that look like digits."""
    if not has_digit(text):
        return re.sub(r"[\W_]", "", text) or text
    return re.sub(r"[^\w.,+\-%]", "", _with_digits(text)).strip(".,")


def _digits(text: str) -> str:
    """The digits, with signs and the separators between them."""
    return "".join(_NUMBER.findall(_with_digits(text)))


def _with_digits(text: str) -> str:
    """Letters amid digits as the digits that they look like."""
    return _AMID_DIGITS.sub(lambda found: found[0].translate(_LOOKALIKES), text)
