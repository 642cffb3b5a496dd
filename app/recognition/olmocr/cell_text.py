"""The text of a cell, gathered piece by piece."""

from __future__ import annotations

import re

from app.recognition.olmocr.latex import plain_math, subscript, superscript
from app.tables.text import clean

_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_]+)(?<=\S)\1")
_DEEPEST = 4
"""Superscripts within superscripts; deeper ones are taken as they are."""


class CellText:
    """Collects text, line breaks, superscripts and subscripts in reading order."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._marks: list[tuple[str, list[str]]] = []

    def add(self, text: str | None) -> None:
        """Text in which line ends are mere spaces, as in HTML."""
        if text:
            self._top.append(text.replace("\n", " "))

    def add_line_break(self) -> None:
        self._top.append("\n")

    def open_mark(self, mark: str) -> None:
        """``mark`` is "sup" or "sub"."""
        if len(self._marks) < _DEEPEST:
            self._marks.append((mark, []))

    def close_mark(self, mark: str) -> None:
        if self._marks and self._marks[-1][0] == mark:
            _, pieces = self._marks.pop()
            inner = "".join(pieces)
            self._top.append(superscript(inner) if mark == "sup" else subscript(inner))

    def text(self) -> str:
        """Everything that was added, cleaned."""
        while self._marks:
            self.close_mark(self._marks[-1][0])
        raw = "".join(self._pieces)
        bold = _BOLD.fullmatch(raw.strip())
        return clean(plain_math(bold[2] if bold else raw))

    @property
    def _top(self) -> list[str]:
        return self._marks[-1][1] if self._marks else self._pieces
