"""Raised and lowered characters of a text layer: they belong to the word before them, not to its number."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from app.recognition.decoding.pdf_characters import Character
from app.recognition.decoding.pdf_words import runs_of

_RAISED = dict(
    zip(
        "0123456789+-−–=()abcdefghijklmnoprstuvwxyz",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
        strict=True,
    )
)
_LOWERED = dict(zip("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎", strict=True))
_KEPT = frozenset("*†‡§¶#°′″⁎∗, ")
"""Marks that look the same raised."""
_SMALLEST, _SMALLER = 0.4, 0.85
"""Size of a raised or lowered font, in sizes of the font of the word."""
_RAISE = (0.15, 0.8)
_LOWER = (0.08, 0.4)
"""Distance of the base lines, in the same size."""
_NEAR = 0.35


def with_scripts(lines: Sequence[list[Character]]) -> list[list[Character]]:
    """The lines, small characters raised or lowered beside a larger one moved to its line."""
    ends = sorted(
        ((char.right, at, char) for at, line in enumerate(lines) for char in line if char.text.strip()),
        key=itemgetter(0),
    )
    rights = [right for right, _, _ in ends]
    moved: list[list[Character]] = [[] for _ in lines]
    gone: set[int] = set()
    for line in lines:
        for script in runs_of(line):
            sign = script.characters[0]
            reach = _NEAR * sign.em / _SMALLEST
            near = ends[bisect_left(rights, sign.left - reach) : bisect_right(rights, sign.left + reach)]
            owner = next((at for _, at, word in near if _follows(word, sign)), None)
            if owner is None:
                continue
            written = _written(script.characters, lowered=sign.base > lines[owner][0].base)
            moved[owner] += written
            gone |= {id(char) for char in script.characters} if written else set()
    kept = ([char for char in line if id(char) not in gone] for line in lines)
    merged = ([*line, *more] for line, more in zip(kept, moved, strict=True))
    return [sorted(line, key=lambda char: char.left) for line in merged if line]


def _follows(word: Character, sign: Character) -> bool:
    rise = (word.base - sign.base) / word.em if word.em > 0 else 0.0
    return (
        _SMALLEST * word.em <= sign.em <= _SMALLER * word.em
        and abs(sign.left - word.right) < _NEAR * word.em
        and (_RAISE[0] <= rise <= _RAISE[1] or _LOWER[0] <= -rise <= _LOWER[1])
    )


def _written(characters: Sequence[Character], *, lowered: bool) -> list[Character]:
    """The characters in their raised or lowered form; none where one has no such form: beside the word they
    would be taken for a part of it."""
    forms = _LOWERED if lowered else _RAISED
    if not all(char.text in forms or char.text in _KEPT for char in characters):
        return []
    return [replace(char, text=forms.get(char.text, char.text)) for char in characters]
