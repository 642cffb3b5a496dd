"""Which of the prose around a table is its title, and which its notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

_LONGEST_TITLE = 300
_LONGEST_NOTE = 500
_UNIT = re.compile(r"[(\[].{1,80}[)\]]|.{0,20}\b(?:in|en) [^.]{1,60}")
"""A line under a title that says how its numbers are meant: "(in thousands)"."""
_NOTE = re.compile(
    r"\(?[*†‡§¶#¹²³⁰ᵃᵇᶜᵈᵉ]|[(\[]?[0-9a-z][)\]]|(?:notes?|sources?|remarks?|quellen?|anmerkung(?:en)?|hinweise?|"
    r"fuentes?|notas?|fonte|出典|注|资料来源|備考)\b",
    re.IGNORECASE,
)


def title_before(blocks: Sequence[object], at: int) -> str:
    """The line directly before the table at ``at``, with the one above it where it only names the unit."""
    lines = _prose_before(blocks, at)
    if len(lines) > 1 and _UNIT.fullmatch(lines[-1]):
        return f"{lines[-2]} {lines[-1]}"
    return lines[-1] if lines else ""


def notes_after(blocks: Sequence[object], at: int) -> tuple[str, ...]:
    """The lines directly after the table that look like notes; behind the last table any first line. (What
    stands between two tables and does not look like a note belongs to the second one.)"""
    is_last = all(isinstance(block, str) for block in islice(blocks, at + 1, None))
    notes: list[str] = []
    for block in islice(blocks, at + 1, None):
        if not isinstance(block, str) or len(block) > _LONGEST_NOTE:
            break
        if not _NOTE.match(block) and (notes or not is_last):
            break
        notes.append(block)
    return tuple(notes)


def _prose_before(blocks: Sequence[object], at: int) -> list[str]:
    lines: list[str] = []
    for block in reversed(blocks[max(0, at - 2) : at]):
        if not isinstance(block, str) or len(block) > _LONGEST_TITLE or _NOTE.match(block):
            break
        lines.insert(0, block)
    return lines
