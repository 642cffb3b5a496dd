"""What the texts of a column look like: a column as a language of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LEAST_TEXTS = 4
_LEAST_SHARE = 0.7
"""Share of a column's texts that its pattern covers at least."""
_COMMON = 0.2
"""Share of the texts from which a shape is part of the pattern."""
_SAME_LETTERS = 0.75
_DIGITS = re.compile(r"\d+", re.ASCII)
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """The shapes that a column's texts have."""

    shapes: frozenset[str]
    letters: dict[str, str]
    """Of shapes whose letters are always the same (a unit, an exponent's E): the shape with these letters."""

    def fits(self, text: str) -> bool:
        found = shape(text)
        spelt = _spelt(text)
        return found in self.shapes and self.letters.get(found, spelt) == spelt


def shape(text: str) -> str:
    """Runs of digits as ``0``, of letters as ``a``, all else as it stands: ``1,234.5 kg`` is ``0,0.0 a``."""
    return _LETTERS.sub("a", _DIGITS.sub("0", text.strip()))


def pattern_of(texts: Sequence[str]) -> Pattern | None:
    """The pattern of a column of values or codes; None where its texts are too few, too varied or words."""
    counts = Counter(shape(text) for text in texts if text.strip())
    total = counts.total()
    common = {found: n for found, n in counts.items() if n >= max(2.0, _COMMON * total)}
    if total < _LEAST_TEXTS or sum(common.values()) < _LEAST_SHARE * total:
        return None
    if not all("0" in found for found in common):
        return None
    return Pattern(frozenset(common), _constant_letters(texts, common))


def _spelt(text: str) -> str:
    return _DIGITS.sub("0", text.strip())


def _constant_letters(texts: Sequence[str], shapes: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in shapes:
        counts = Counter(_spelt(text) for text in texts if shape(text) == one)
        (spelt, most), *_ = counts.most_common(1)
        if most >= max(_LEAST_TEXTS, _SAME_LETTERS * counts.total()):
            found[one] = spelt
    return found
