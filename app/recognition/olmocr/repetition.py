"""Loops in an answer that is still growing."""

from __future__ import annotations

_PROBE = 40
"""Characters of the end that are looked for again further up."""
_SHORT_PERIOD = 20
_SHORT_LOOP = 2_000
"""Characters that "0 0 0 0 …" may have: a wide empty row is no loop."""
_LONGEST_PERIOD = 1_500
_LONG_LOOP = 6_000
"""Characters that equal rows may have: an empty form of sixty rows is no loop."""
_FEWEST_TURNS = 4


def is_looping(text: str) -> bool:
    """Whether the text ends in the same piece over and over, as a model does that has lost its way."""
    probe = text[-_PROBE:]
    earlier = text.rfind(probe, 0, len(text) - 1)
    if len(probe) < _PROBE or earlier < 0:
        return False
    period = len(text) - _PROBE - earlier
    if period > _LONGEST_PERIOD:
        return False
    length = _SHORT_LOOP if period <= _SHORT_PERIOD else max(_LONG_LOOP, _FEWEST_TURNS * period)
    tail = text[-length:]
    return len(tail) == length and tail[period:] == tail[:-period]
