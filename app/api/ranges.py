"""One byte range of a file (RFC 9110 §14): several ranges at once are answered with the whole file."""

from __future__ import annotations

import re

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies outside the file."""


def asked_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Start (inclusive) and end (exclusive) of the asked bytes; None: the whole file. Unsatisfiable.

    What is malformed or asks for several ranges is ignored, as the standard allows.
    """
    match = _ONE_RANGE.fullmatch(header or "")
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < start:
            return None
    if start >= size or start >= end:
        raise Unsatisfiable
    return start, end
