"""Worksheet names that Excel accepts, made from file names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.tables.text import one_line

LONGEST = 31
"""UTF-16 units, Excel's limit."""
RESERVED = ("Summary", "Review", "Evidence", "Changes", "Checks", "Images", "Continued", "History")
"""Sheets that are about the tables, and the one name that Excel keeps for itself. Never a table's."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def stem(filename: str) -> str:
    """The last part of a file name without its suffix."""
    last = re.split(r"[\\/]", filename)[-1]
    return last.rpartition(".")[0] or last


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """A legal name for each wanted one, in order; doubles, also by case alone, are numbered."""
    names: list[str] = []
    taken = {name.casefold() for name in RESERVED}
    for name in wanted:
        names.append(_free(_legal(name), taken))
        taken.add(names[-1].casefold())
    return names


def numbered(name: str, number: int) -> str:
    """``name`` with a number behind it, the name cut where both would be too long."""
    suffix = f" {number}"
    return _cut(_legal(name), LONGEST - len(suffix)) + suffix


def _legal(name: str) -> str:
    allowed = _FORBIDDEN.sub("_", one_line(name)).strip("' ")
    return _cut(allowed, LONGEST).strip("' ") or "Table"


def _free(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        suffix = f" ({number})"
        candidate = _cut(name, LONGEST - len(suffix)) + suffix
    return candidate


def _cut(name: str, units: int) -> str:
    """At most ``units`` UTF-16 units, with an ellipsis where something is missing."""
    if _units(name) <= units:
        return name
    while _units(name) > units - 1:
        name = name[:-1]
    return name.rstrip() + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
