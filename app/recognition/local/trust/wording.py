"""Whether a cell's text looks like one that is easily misread: signs that are drawn alike, in words where
nothing around them tells which of them was meant."""

from __future__ import annotations

import re
from collections import defaultdict

from app.recognition.local.trust.judged import Features, Judged

_TOKEN = re.compile(r"[^\W_]+")
_NAME = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*")
"""Tokens joined by signs, as in names of models."""
_ALIKE = set("0OoQDC1lIi|5S2Z8B6b9gqrvyuwxkpacszt")
"""Drawn like another letter or digit, in one of the two cases or in italics."""
_FOLDED = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b", "2": "z", "6": "b", "9": "g"}
)
_RARE = set('*†‡§#^~|\\<>=≤≥≈±×÷∞√∑∈°′″↑↓→←•·…`"“”«»¿¡_{}[]®©™✓✗√')
_DASHES = set("-–—−‐")


def wording(judged: Judged) -> list[Features]:
    """For each cell."""
    twins = _twins(judged)
    full = [cell for cell in judged.cells if cell.text]
    of_table: Features = {"odd texts": sum(_is_odd(cell.text) for cell in full) / max(1, len(full))}
    return [
        of_table
        | _of_text(cell.text)
        | {"twins": _twinned(cell.text, twins), "repaired": float(cell.raw_text is not None)}
        for cell in judged.cells
    ]


def _is_odd(text: str) -> bool:
    tokens = _TOKEN.findall(text)
    return any(_is_mixed(one) or _is_oddly_cased(one) or _is_lone(one) for one in tokens)


def _of_text(text: str) -> Features:
    tokens = _TOKEN.findall(text)
    mixed = [one for one in _NAME.findall(text) if _is_mixed(one)]
    return {
        "mixed": sum(char in _ALIKE for one in mixed for char in one),
        "odd case": sum(map(_is_oddly_cased, tokens)),
        "lone letters": sum(map(_is_lone, tokens)),
        "caseless": sum(_is_caseless(one) for one in tokens),
        "rare signs": sum(char in _RARE for char in text),
        "other letters": sum(char.isalpha() and ord(char) > 0x24F for char in text),
        "dashes": sum(char in _DASHES for char in text),
        "only signs": float(bool(text) and not tokens),
        "unpaired": abs(text.count("(") - text.count(")")) + abs(text.count("[") - text.count("]")),
        "marks inside": len(re.findall(r"\d[^\W\d_]|[^\W\d_]\d|[,.;:]{2}|\s[.,;:]", text)),
    }


def _is_mixed(token: str) -> bool:
    return any(char.isdigit() for char in token) and any(char.isalpha() for char in token)


def _is_oddly_cased(token: str) -> bool:
    letters = "".join(char for char in token if char.isalpha())
    return len(letters) > 1 and not (letters.islower() or letters.isupper() or letters.istitle())


def _is_lone(token: str) -> bool:
    return len(token) == 1 and token.isalpha()


def _is_caseless(token: str) -> bool:
    """A short word of letters whose capitals look like the small ones."""
    return len(token) <= 3 and token.isalpha() and set(token.casefold()) <= set("cosuvwxzkp")


def _folded(token: str) -> str:
    return token.casefold().translate(_FOLDED).replace("rn", "m")


def _twins(judged: Judged) -> dict[str, set[str]]:
    """Words that differ only in what is drawn alike."""
    found: dict[str, set[str]] = defaultdict(set)
    for token in [one for cell in judged.cells for one in _TOKEN.findall(cell.text)]:
        found[_folded(token)].add(token)
    return {folded: tokens for folded, tokens in found.items() if len(tokens) > 1}


def _twinned(text: str, twins: dict[str, set[str]]) -> float:
    return float(sum(_folded(one) in twins for one in _TOKEN.findall(text)))
