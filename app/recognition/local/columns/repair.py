"""Repairs texts that break their column's pattern, through the decoder's own alternatives alone.

``S.10`` among ``4.25`` and ``3.90`` becomes ``5.10`` if the decoder held the 5 possible; what fits is never
touched, and what was read first stays with the word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from app.recognition.evidence import Word
from app.recognition.local.columns.pattern import Pattern, pattern_of
from app.recognition.local.fill import FilledCell, text_of
from app.recognition.local.repair.edits import other_texts, repaired

_LEAST = 0.03
"""Probability that the decoder must have given the other reading."""
_LEAST_SIGNS = 0.25
"""… where it changes separators and spaces alone: both readings may be numbers."""
_CLEAR = 2.0
"""How much likelier than any other one that fits it must be."""


def with_columns(cells: Sequence[FilledCell], header_rows: int) -> list[FilledCell]:
    """The cells of a grid, those repaired that their column settles. Header rows have no part in it."""
    columns: defaultdict[int, list[str]] = defaultdict(list)
    for cell in cells:
        if _has_part(cell, header_rows):
            columns[cell.place.col].append(cell.text)
    patterns = {col: pattern_of(texts) for col, texts in columns.items()}
    return [
        _settled(cell, pattern) if _has_part(cell, header_rows) and pattern else cell
        for cell, pattern in ((cell, patterns.get(cell.place.col)) for cell in cells)
    ]


def _has_part(cell: FilledCell, header_rows: int) -> bool:
    return cell.place.row >= header_rows and cell.place.col_span == 1 and bool(cell.text)


def _settled(cell: FilledCell, pattern: Pattern) -> FilledCell:
    if pattern.fits(cell.text) or len(cell.words) != 1:
        return cell
    text = _fitting(cell.words[0], pattern)
    if text is None:
        return cell
    words = (repaired(cell.words[0], text),)
    return replace(cell, words=words, text=text_of(words))


def _fitting(word: Word, pattern: Pattern) -> str | None:
    """The likeliest other reading that fits, None where there is none or two are near each other."""
    chances: dict[str, float] = {}
    for text, chance in other_texts(word.text, word.rivals):
        if pattern.fits(text) and chance >= _least(word.text, text):
            chances[text] = max(chance, chances.get(text, 0.0))
    ranked = sorted(chances.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] < _CLEAR * ranked[1][1]):
        return None
    return ranked[0][0]


def _least(read: str, other: str) -> float:
    return _LEAST_SIGNS if _letters_and_digits(read) == _letters_and_digits(other) else _LEAST


def _letters_and_digits(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
