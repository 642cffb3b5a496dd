"""When two readings say the same: what stands in an answer and what was read off the page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
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
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LEADERS = re.compile(r"\.{3,}|_{2,}|-{3,}")
_SAYING = re.compile(r"\w")
_CLOSE = 0.72
"""Likeness (Ratcliff/Obershelp, 0..1) from which texts with the same digits are two readings of one."""
_CLOSE_WITH_DIGITS = 0.5


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
    return max((_agreement(key(said), key(reading)) for reading in readings), default=Agreement.OTHER)


@lru_cache(maxsize=65536)
def _agreement(a: str, b: str) -> Agreement:
    if a == b or _bare(a) == _bare(b):
        return Agreement.SAME
    if _digits(a) != _digits(b):
        return Agreement.OTHER
    least = _CLOSE_WITH_DIGITS if has_digit(a) else _CLOSE
    return Agreement.CLOSE if likeness(_bare(a), _bare(b)) >= least else Agreement.OTHER


def _bare(text: str) -> str:
    """Without what OCR cannot be trusted with: signs around words, letters that look like digits."""
    if not has_digit(text):
        return re.sub(r"[\W_]", "", text) or text
    return re.sub(r"[^\w.,+\-%]", "", _with_digits(text)).strip(".,")


def _digits(text: str) -> str:
    """The digits, with the separators between them."""
    return "".join(_NUMBER.findall(_with_digits(text)))


def _with_digits(text: str) -> str:
    """Letters amid digits as the digits that they look like."""
    return _AMID_DIGITS.sub(lambda found: found[0].translate(_LOOKALIKES), text)
