"""What a text says as a number: its digits and their shape. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.workbook.shapes import Decimals, Layout, Shape, shape_of

_LONGEST = 64
"""Characters; no number is longer."""
_ZEROS = str.maketrans("123456789", "000000000")
_WIDE = str.maketrans("０１２３４５６７８９，．％－＋（）", "0123456789,.%-+()")
"""Full-width characters of East Asia."""


class Numeral(NamedTuple):
    """A text that is one number as soon as its separators are understood."""

    raw: str
    narrow: str
    """The same in ASCII's digits and signs."""
    shape: Shape
    layouts: Mapping[Decimals, Layout]
    """By the conventions under which the numeral can be read."""

    @property
    def core(self) -> str:
        """Digits with their separators."""
        return self.narrow[self.shape.start : self.shape.end]

    @property
    def digits(self) -> str:
        """Digits alone."""
        core = self.core
        for separator in self.shape.distinct:
            core = core.replace(separator, "")
        return core

    @property
    def groups(self) -> tuple[str, ...]:
        """The runs of digits."""
        runs: list[str] = []
        digits, at = self.digits, 0
        for length in self.shape.lengths:
            runs.append(digits[at : at + length])
            at += length
        return tuple(runs)

    @property
    def negative(self) -> bool:
        """Whether a minus or parentheses stand around the digits."""
        return self.shape.negative

    @property
    def is_wide(self) -> bool:
        """Whether it is written in full-width characters."""
        return self.narrow is not self.raw

    @property
    def is_ambiguous(self) -> bool:
        """Whether it is another number under the other convention."""
        return self.shape.separated and len(self.layouts) > 1


def zeros_of(text: str) -> str:
    """The text with every digit as 0; empty where it has no digit or is too long for a number."""
    if len(text) > _LONGEST:
        return ""
    zeros = _narrow(text).translate(_ZEROS)
    return zeros if "0" in zeros else ""


def parse_numeral(text: str) -> Numeral | None:
    """The text as a numeral, None when anything in it is not part of one number."""
    return numeral_of(text, zeros_of(text))


def numeral_of(text: str, zeros: str) -> Numeral | None:
    """The same where the text's ``zeros_of`` is known."""
    shape = shape_of(zeros) if zeros else None
    if shape is None:
        return None
    narrow = _narrow(text)
    layouts = shape.zero_layouts if narrow[shape.start] == "0" else shape.layouts
    return Numeral(text, narrow, shape, layouts)


def _narrow(text: str) -> str:
    if text.isascii():
        return text
    narrow = text.translate(_WIDE)
    return text if narrow == text else narrow
