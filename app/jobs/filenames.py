"""Names of files as clients give them, made fit for display. They never become part of a path."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
"""Characters."""
_LONGEST_SUFFIX = 10
_UNSHOWABLE = {"Cc", "Cs", "Zl", "Zp"}
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
"""They can make `exe.png` look like `gnp.exe`."""


def display_name(given: str | None, index: int) -> str:
    """The last part of ``given`` without control characters, at most 120 characters with its suffix kept;
    ``image-<index + 1>`` when nothing is left."""
    last = re.split(r"[\\/]", given or "")[-1]
    shown = "".join(" " if unicodedata.category(c) in _UNSHOWABLE else c for c in last)
    shown = " ".join(_DIRECTION_MARKS.sub("", shown).split())
    if not shown.strip(". "):
        return f"image-{index + 1}"
    return _shorten(shown)


def _shorten(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        return name[: LONGEST - 1] + "…"
    return f"{stem[: LONGEST - len(suffix) - 2]}….{suffix}"
