"""Superscripts: digits and marks that stand above the line they belong to.

``1,234¹`` must not become 12,341: what is drawn raised is written with Unicode's raised characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.local.ctc import Reading
from app.recognition.local.letters.ink import ink_of
from app.recognition.local.letters.strokes import Stroke, pairs, strokes_of

_RAISED = dict(zip("0123456789+-−–abcdefghi", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱ", strict=True))
_SIGNS = frozenset("+-−–")
_BEFORE = re.compile(r"([(\[]|\d[.,])$")
"""Text before a run that is in brackets or behind a decimal point."""
_BEHIND = re.compile(r"[.,]\d")
_FAINT = 0.25
"""Share of the contrast that counts as ink: thin strokes must hold together."""
_LIFT = 0.22
"""How far above the baseline a raised character ends at least; shares of the line's usual character."""
_LEAST, _MOST = 0.3, 0.9
"""Heights of raised characters."""
_TALL = 0.55
"""Strokes from this share of the tallest one's height on are characters on the line."""


def with_raised(reading: Reading, pixels: Pixels) -> Reading:
    """The reading of this line's image, raised digits (and single letters behind a digit) made
    superscripts."""
    if not any(char in _RAISED for char in reading.text):
        return reading
    ink = ink_of(pixels, _FAINT)
    strokes = strokes_of(ink)
    raised = _raised(strokes)
    if not raised:
        return reading
    at = pairs(strokes, [position * ink.shape[1] for position in reading.positions])
    places = {place for place, stroke in at.items() if stroke in raised}
    text = list(reading.text)
    for start, end in _marks(reading.text, places):
        text[start:end] = [_RAISED[char] for char in text[start:end]]
    return replace(reading, text="".join(text))


def _raised(strokes: Sequence[Stroke]) -> set[int]:
    """Strokes of a character's size that end clear above the baseline with nothing under them."""
    tallest = max((stroke.height for stroke in strokes), default=0.0)
    tall = [stroke for stroke in strokes if stroke.height >= _TALL * tallest]
    if len(tall) < 2:
        return set()
    baseline = float(np.median([stroke.bottom for stroke in tall]))
    usual = float(np.median([stroke.height for stroke in tall]))
    return {
        i
        for i, stroke in enumerate(strokes)
        if stroke.bottom < baseline - _LIFT * usual
        and _LEAST * usual <= stroke.height <= _MOST * usual
        and not any(_is_under(other, stroke) for other in strokes)
    }


def _is_under(other: Stroke, stroke: Stroke) -> bool:
    common = min(other.x1, stroke.x1) - max(other.x0, stroke.x0)
    return other.bottom > stroke.bottom and common > 0.3 * (stroke.x1 - stroke.x0)


def _marks(text: str, raised: set[int]) -> Iterator[tuple[int, int]]:
    """Runs of raised characters (start, end) that change what they stand beside."""
    place = 0
    while place < len(text):
        end = place
        while end < len(text) and end in raised and text[end] in _RAISED:
            end += 1
        start = place - 1 if end > place and place and text[place - 1] in _SIGNS else place
        if end > place and _changes(text, start, end):
            yield start, end
        place = max(end, place + 1)


def _changes(text: str, start: int, end: int) -> bool:
    """Brackets keep their digits apart by themselves, a decimal number has no raised point, and letters are a
    mark only alone and behind a digit."""
    before, behind = text[:start], text[end:]
    if _BEFORE.search(before) or _BEHIND.match(behind):
        return False
    if text[start:end].isalpha():
        return end - start == 1 and start > 0 and (text[start - 1].isdigit() or text[start - 1] in "%)")
    return any(char.isdigit() for char in text[start:end])
