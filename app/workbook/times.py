"""Times of day, with the Excel format that shows them as they are written.

Hours, minutes and seconds (1:23:45) are the same fraction of a day whether they tell a time or how long
something took; hours and minutes (12:30) may be minutes and seconds, or a score, and the column has to tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?P<sep>[:.h])(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?P<half> [AP]M)?(?P<clock> Uhr)?",
    re.ASCII,
)
_TIME_OF_DAY = re.compile(
    r"(?i)\b(?:time|departures?|arrivals?|dep|arr|opens?|opening|closes?|closing|starts?|ends?|from|to|until|hours?"
    r"|uhrzeit|uhr|zeit|abfahrt|ankunft|ab|an|beginn|ende|von|bis|öffnungszeiten|heures?|départ|arrivée|début|fin"
    r"|hora|salida|llegada|inicio|ora|orario|partenza|arrivo|tijd|vertrek|aankomst|tid|avgång|ankomst|godzina"
    r"|odjazd|przyjazd|saat|horário|partida|chegada|время)\b|時刻|時間|时间|发车|到达"
)
_DURATION = re.compile(
    r"(?i)\b(?:duration|length|lap|race|split|pace|result|run(?:ning)?|min|minutes|mins|dauer|länge|durée|temps"
    r"|duración|tiempo|durata|tempo|duur|score)\b"
)
_EARLIEST_AFTERNOON = 13


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A time understood."""

    value: time
    number_format: str


@lru_cache(maxsize=1024)
def is_time_shape(zeros: str) -> bool:
    """Whether a text in which every digit stands as 0 is built like a time, right or wrong. Hours and minutes
    with a point are a number unless something behind them says otherwise."""
    found = _TIME.fullmatch(zeros)
    return found is not None and (found["sep"] != "." or found["clock"] is not None)


def are_times_of_day(texts: Sequence[str], header: str) -> bool:
    """Whether a column's hours and minutes are times of day: its name says so, or all have two digits of
    hours, some begin with zero and some come after noon, and minutes go by fives."""
    found = [match for text in texts if (match := _TIME.fullmatch(text)) and not match["second"]]
    hours = [int(match["hour"]) for match in found]
    if not found or max(hours) > 23 or any(int(match["minute"]) > 59 for match in found):
        return False
    if _DURATION.search(header):
        return False
    if _TIME_OF_DAY.search(header):
        return True
    padded = all(len(match["hour"]) == 2 for match in found)
    by_fives = all(int(match["minute"]) % 5 == 0 for match in found)
    return padded and by_fives and min(hours) < 10 and max(hours) >= _EARLIEST_AFTERNOON


def read_time(text: str, *, of_day: bool) -> ClockReading | None:
    """The time that the text is. ``of_day``: hours and minutes alone tell the time of day."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    certain = found["second"] or found["half"] or found["clock"] or found["sep"] == "h"
    if not certain and not of_day:
        return None
    clock = read_clock(
        found["hour"], found["minute"], found["second"] or "", found["half"] or "", found["sep"]
    )
    if clock is None or not found["clock"]:
        return clock
    return ClockReading(clock.value, clock.number_format + '" Uhr"')


def read_clock(hour: str, minute: str, second: str, half: str, sep: str = ":") -> ClockReading | None:
    """The time of these digits; ``half``: ``AM`` or ``PM``, with what stands before it, or nothing."""
    hours, twelve = int(hour), bool(half)
    if twelve and not 1 <= hours <= 12:
        return None
    if twelve:
        hours = hours % 12 + (12 if "P" in half else 0)
    if hours > 23 or int(minute) > 59 or int(second or 0) > 59:
        return None
    between = sep if sep == ":" else f"\\{sep}"
    code = f"{'h' * len(hour)}{between}mm{':ss' if second else ''}{' AM/PM' if half else ''}"
    return ClockReading(time(hours, int(minute), int(second or 0)), code)
