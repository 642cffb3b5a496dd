"""How sure the reading of a cell's text is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from app.recognition.evidence import Rival, Word
from app.recognition.local.fill import FilledCell
from app.recognition.local.trust.judged import UNKNOWN, Features, Judged

_PLAIN = set(" .,-–%()/:'’&")
"""Signs that are read as safely as letters."""


def reading(cell: FilledCell, height: float) -> Features:
    """Of one cell with words. ``height``: median of the table's word heights, in pixels."""
    told = [_told(word) for word in cell.words]
    rivals = [rival.probability for one in told for rival in one.telling]
    text = cell.text
    return {
        "rival": max(rivals, default=0.0),
        "doubts": min(3.0, sum(rivals)),
        "rivals": len(rivals),
        "lost or added": max(
            (rival.probability for one in told for rival in one.of_other_length), default=0.0
        ),
        "certainty": min(one.certainty for one in told),
        "mean certainty": sum(one.certainty for one in told) / len(told),
        "length": len(text),
        "words": len(cell.words),
        "signs": sum(not (char.isalnum() or char in _PLAIN) for char in text),
        "accents": sum(ord(char) > 127 and char.isalpha() for char in text),
        "text height": min(word.box.height for word in cell.words) / height,
        "pitch": _pitch(cell.words),
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """What the decoder held of a word, spaces apart: whether there is one changes no letter."""

    word: Word
    telling: tuple[Rival, ...]
    """Rivals that are another text, not a space more or less."""
    spaces: float
    """Sum of the probabilities that a space which was read is none."""

    @property
    def certainty(self) -> float:
        """Mean probability of the characters, with a space or without."""
        return min(1.0, self.word.confidence + self.spaces / max(1, len(self.word.text)))

    @property
    def of_other_length(self) -> list[Rival]:
        """Of the telling ones."""
        text = self.word.text
        return [
            one for one in self.telling if len(one.text.strip()) != len(text[one.start : one.end].strip())
        ]


def _told(word: Word) -> _Told:
    telling = tuple(
        rival for rival in word.rivals if rival.text.strip() or word.text[rival.start : rival.end].strip()
    )
    spaces = [rival for rival in word.rivals if rival not in telling and rival.start < rival.end]
    return _Told(word, telling, sum(rival.probability for rival in spaces))


def table_reading(judged: Judged) -> Features:
    """Of all words of a table: blurred ones are doubtful everywhere."""
    words = judged.region.words
    count = max(1, len(words))
    told = [_told(word) for word in words]
    return {
        "table doubts": sum(min(1.0, sum(r.probability for r in one.telling)) for one in told) / count,
        "table certainty": sum(one.certainty for one in told) / count if words else UNKNOWN,
        "characters": judged.height,
        "table heights": _spread([word.box.height for word in words]),
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
