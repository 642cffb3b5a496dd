"""Reads short words again, beside a longer word of their line.

The recognition network sees every crop scaled to one height, and it reads by what stands around: alone, γ
looks to it like Y, ↓ like 十 and a slanted / like 1. Beside a word it sees how tall the sign is, and where it
stands.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Rival, Word, rivals_within
from app.recognition.local.ctc import Reading
from app.recognition.local.letters.cases import is_lone
from app.recognition.local.lines import shared_height
from app.recognition.local.ocr import Ocr
from app.recognition.local.signs import LOOK_ALIKES
from app.recognition.local.words import LETTERS
from app.tables.geometry import Box

_SHORT, _MIDDLING = 2, 6
"""Characters up to which a word hardly tells itself, and up to which it may be doubtful."""
_DOUBT = 0.04
"""Probability of another character from which a middling word is doubtful."""
_LONG = 3
"""Letters, or digits, from which a word is company."""
_PLAIN = 5
"""Letters from which a word is hardly a sign with its index."""
_LONGER = 14
"""Characters from which it costs too much."""
_TALLEST = 1.6
"""Height of company, in character heights: more is another size of print, or two lines."""
_CLEAR = 0.9
_SAME_LINE = 0.5
"""Share of the lower height that two words of a line have in common."""
_AROUND, _ASIDE = 0.25, 0.15
"""Room above and below the words, and beside each, in character heights."""
_SUREST = 0.999
_ROOT, _TICK = "√", "✓"


@dataclass(frozen=True, slots=True)
class _Part:
    """What was read beside the company."""

    text: str
    confidence: float
    rivals: tuple[Rival, ...]


def in_company(ocr: Ocr, pixels: Pixels, words: Sequence[Word], height: float) -> tuple[Word, ...]:
    """The words, a short one as it is read beside company on its line, where it reads the same behind it and
    before it and both together are surer than what it was taken for. ``height``: character height."""
    company = {i: beside for i, word in enumerate(words) if (beside := _company(word, words, height))}
    behind = _parts(ocr, pixels, words, company, height, behind=True)
    other = {i: company[i] for i, part in behind.items() if _is_other(part, words[i])}
    before = _parts(ocr, pixels, words, other, height, behind=False)
    return tuple(
        _settled(word, behind[i], before[i]) if i in before else word for i, word in enumerate(words)
    )


def _company(word: Word, words: Sequence[Word], height: float) -> Word | None:
    if not _is_open(word):
        return None
    line = [
        other
        for other in words
        if _is_clear(other, height) and shared_height(word.box, other.box) > _SAME_LINE
    ]
    named = [other for other in line if _count(other.text, str.isalpha) >= _LONG]
    short = [other for other in named if len(other.text) <= _LONGER]
    plain = [other for other in short if _count(other.text, str.isalpha) >= _PLAIN]
    found = plain or short or named or line
    return min(found, key=lambda other: abs(other.box.center[0] - word.box.center[0]), default=None)


def _is_open(word: Word) -> bool:
    """Whether the word is too short to tell itself, or doubtful. Dashes and dots are told by their shape, and
    numbers tell themselves where the decoder thought of nothing else."""
    text = word.text
    rivals = [rival for rival in word.rivals if rival.text.strip() and rival.end == rival.start + 1]
    if len(text) > _SHORT:
        return len(text) <= _MIDDLING and any(rival.probability >= _DOUBT for rival in rivals)
    if text.isdigit():
        return any(not rival.text.isdigit() for rival in rivals)
    is_sign = any(unicodedata.category(char)[0] in "LS" for char in text)
    return is_sign and text not in LOOK_ALIKES and (bool(rivals) or len(text) == 1)


def _is_clear(word: Word, height: float) -> bool:
    long = _count(word.text, str.isalnum) >= _LONG
    return long and word.confidence > _CLEAR and word.box.height < _TALLEST * height


def _count(text: str, kind: Callable[[str], bool]) -> int:
    return sum(char.isascii() and kind(char) for char in text)


def _parts(
    ocr: Ocr,
    pixels: Pixels,
    words: Sequence[Word],
    company: Mapping[int, Word],
    height: float,
    *,
    behind: bool,
) -> dict[int, _Part]:
    """What the words say behind their company, or before it, where that reads as it did."""
    crops = [
        _joined(pixels, words[i].box, beside.box, height, behind=behind) for i, beside in company.items()
    ]
    readings = ocr.recognize(crops)
    parts = {
        i: _part(reading, beside.text, behind=behind)
        for (i, beside), reading in zip(company.items(), readings, strict=True)
    }
    return {i: part for i, part in parts.items() if part is not None}


def _joined(pixels: Pixels, word: Box, company: Box, height: float, *, behind: bool) -> Pixels:
    """One line of both, as far apart as words are."""
    around, aside = _AROUND * height, _ASIDE * height
    top, bottom = max(0, int(min(word.y0, company.y0) - around)), int(max(word.y1, company.y1) + around) + 1
    ours, theirs = (
        pixels[top:bottom, max(0, int(box.x0 - aside)) : int(box.x1 + aside) + 1] for box in (word, company)
    )
    ground = np.median(theirs.reshape(-1, 3), axis=0)
    gap = np.full((len(ours), max(1, int(aside)), 3), ground, np.uint8)
    return np.ascontiguousarray(np.hstack([theirs, gap, ours] if behind else [ours, gap, theirs]))


def _part(reading: Reading, company: str, *, behind: bool) -> _Part | None:
    places = [i for i, char in enumerate(reading.text) if not char.isspace()]
    known = [char for char in company if not char.isspace()]
    theirs, ours = (
        (places[: len(known)], places[len(known) :])
        if behind
        else (places[-len(known) :], places[: -len(known)])
    )
    if not ours or [reading.text[i] for i in theirs] != known:
        return None
    start, end = ours[0], ours[-1] + 1
    rivals = rivals_within(reading.rivals, start, end)
    text = _ticked(reading.text[start:end].translate(LETTERS), rivals)
    return _Part(text, float(np.mean(reading.char_confidences[start:end])), rivals)


def _ticked(text: str, rivals: Sequence[Rival]) -> str:
    """A tick looks like a root to the network; a root has something behind it, and no tick for a rival."""
    is_tick = text.endswith(_ROOT) and any(rival.text == _TICK for rival in rivals)
    return text.replace(_ROOT, _TICK) if is_tick else text


def _is_other(part: _Part, word: Word) -> bool:
    """Whether it is another text of as many characters. Raised ones are told elsewhere, by their height, and
    so are the cases of letters that look alike; signs of longer words are seen better in their own crop."""
    ours, theirs = (unicodedata.normalize("NFKC", text).replace(" ", "") for text in (part.text, word.text))
    if ours == theirs or len(ours) != len(theirs):
        return False
    if len(theirs) > _SHORT:
        return all(a == b or (a.isalnum() and b.isalnum()) for a, b in zip(ours, theirs, strict=True))
    return not (is_lone(word.text) and ours.casefold() == theirs.casefold())


def _settled(word: Word, behind: _Part, before: _Part) -> Word:
    """By the product of the odds, as of witnesses that know nothing of each other."""
    text, again = behind.text, before.text
    if _TICK in text + again:
        text, again = (each.replace(_ROOT, _TICK) for each in (text, again))
    is_agreed = text.replace(" ", "") == again.replace(" ", "")
    if not is_agreed or _odds(behind.confidence) + _odds(before.confidence) <= _odds(word.confidence):
        return word
    return replace(
        word,
        text=text,
        confidence=(behind.confidence + before.confidence) / 2,
        alternatives=(word.text,),
        rivals=behind.rivals,
        char_edges=word.char_edges if len(text) == len(word.text) else (),
    )


def _odds(probability: float) -> float:
    """Their logarithm."""
    certain = min(max(probability, 1 - _SUREST), _SUREST)
    return math.log(certain / (1 - certain))
