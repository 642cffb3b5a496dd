"""How sure the reading of a cell's text is."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from app.recognition.evidence import Rival, Word
from app.recognition.local.fill import FilledCell
from app.recognition.local.trust.judged import UNKNOWN, Features, Judged

_PLAIN = set(" .,-–%()/:'’&")
"""Signs that are read as safely as letters."""


def reading(cell: FilledCell, height: float) -> Features:
    """Of one cell with words. ``height``: median of the table's word heights, in pixels."""
    rivals = [rival.probability for word in cell.words for rival in word.rivals]
    text = cell.text
    return {
        "rival": max(rivals, default=0.0),
        "doubts": min(3.0, sum(rivals)),
        "rivals": len(rivals),
        "lost or added": max((rival.probability for rival in _lost_or_added(cell)), default=0.0),
        "certainty": min(word.confidence for word in cell.words),
        "mean certainty": sum(word.confidence for word in cell.words) / len(cell.words),
        "length": len(text),
        "words": len(cell.words),
        "signs": sum(not (char.isalnum() or char in _PLAIN) for char in text),
        "accents": sum(ord(char) > 127 and char.isalpha() for char in text),
        "text height": min(word.box.height for word in cell.words) / height,
        "pitch": _pitch(cell.words),
    }


def _lost_or_added(cell: FilledCell) -> list[Rival]:
    """Rivals of another length."""
    return [
        rival
        for word in cell.words
        for rival in word.rivals
        if len(rival.text.strip()) != len(word.text[rival.start : rival.end].strip())
    ]


def table_reading(judged: Judged) -> Features:
    """Of all words of a table: blurred ones are doubtful everywhere."""
    words = judged.region.words
    count = max(1, len(words))
    sizes = [word.box.height for word in words]
    return {
        "table doubts": sum(min(1.0, sum(r.probability for r in word.rivals)) for word in words) / count,
        "table certainty": sum(word.confidence for word in words) / count if words else UNKNOWN,
        "characters": judged.height,
        "table heights": _spread(sizes),
    }


def usual_height(words: Sequence[Word]) -> float:
    """Median height of words, in pixels; 1 of none."""
    return max(1.0, median(word.box.height for word in words)) if words else 1.0


def _pitch(words: Sequence[Word]) -> float:
    """Width of a character in heights of its word, of the narrowest word: below it, some may be missing."""
    return min(word.box.width / max(1, len(word.text)) / max(1.0, word.box.height) for word in words)


def _spread(sizes: Sequence[float]) -> float:
    """Share of sizes far from the median."""
    if not sizes:
        return UNKNOWN
    middle = median(sizes)
    return sum(not 0.7 * middle < size < 1.4 * middle for size in sizes) / len(sizes)
