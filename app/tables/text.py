"""Cell text without what nobody can see. Digits, signs and letters are never changed."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    # soft hyphen, zero width, marks
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]"
    "|[\u202a-\u202e\u2066-\u2069]"  # direction overrides: they make text read as something else
    "|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"  # control characters without white space
    "|[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # not characters; XML cannot hold them
)
_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_CLEAN = re.compile("[!-~]+(?: [!-~]+)*|")
"""Texts that most cells have; for speed."""
_SPACE_RUN = re.compile(r"[ \t]+")
_EDGE = " \t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


def clean(text: str) -> str:
    """The text with one space for each run of spaces, trimmed lines joined by ``\\n``, and nothing
    invisible. No-break and narrow spaces inside a line stay: between digits they belong to the number's look.
    """
    if _CLEAN.fullmatch(text):
        return text
    visible = _INVISIBLE.sub("", text)
    lines = (_SPACE_RUN.sub(" ", line).strip(_EDGE) for line in _LINE_END.split(visible))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """The cleaned text on one line."""
    return clean(text).replace("\n", " ")
