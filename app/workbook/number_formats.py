"""Excel number formats under which a number looks as it does in the image.

A format's ``,`` and ``.`` are shown as the viewer's own separators, so they serve for the look that they have
in an English Excel. Any other look is made of literal characters:

- other grouping (``1 234.5``, ``1'234``, ``1.234``, ``12,34,567``): literals between the digits, in a section
  with a condition, so that a smaller number typed over it later does not show ``.234``;
- a comma before decimals: digits behind a literal comma cannot be had, so the section ``[=1234.5]"1.234,50"``
  shows this very value literally and the others have the plain look. Such a format serves one value alone.
  The same goes for per mille, which Excel does not know, and for full-width characters.

Signs are written so that Excel and LibreOffice agree: Excel adds a minus where a section can match both
signs, LibreOffice in the first section alone. docs/adr/0002 tells the reasons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from app.workbook.readings import Reading
from app.workbook.shapes import SPACES, Decimals, Layout

_PLAIN = re.compile(r'[-+()$ %]|[^-+()$ %"]+|"')


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """An Excel number format."""

    code: str
    serves_one_value: bool = False
    """Whether the look is tied to the value, so that each value of a column needs a format of its own."""
    shared: str = ""
    """The code that serves any value instead: it names the locale whose separators the image has, which
    LibreOffice and an Excel of that locale show. Empty: there is none."""


def number_format(reading: Reading, decimals: Decimals, *, grouped: bool = False) -> NumberFormat:
    """The format under which the reading's value shows exactly the numeral's raw text.

    ``grouped``: the column groups thousands with commas; a number too small for one gets the same format.
    """
    shape, layout = reading.numeral.shape, reading.layout
    if shape.rate == "‰" or reading.numeral.is_wide:
        return NumberFormat(_one_value(reading), serves_one_value=True)
    if decimals is Decimals.COMMA and layout.decimals:
        return NumberFormat(_one_value(reading), serves_one_value=True, shared=_of_locale(reading))
    if layout.separator and not (layout.separator == "," and _western(layout)):
        return NumberFormat(_literal_groups(reading))
    small = sum(layout.group_lengths) <= 3
    return NumberFormat(
        _signed(reading, _digits(layout, grouped=bool(layout.separator) or (grouped and small)))
    )


def _western(layout: Layout) -> bool:
    return all(length == 3 for length in layout.group_lengths[1:])


def _digits(layout: Layout, *, grouped: bool) -> str:
    """The digits with Excel's own separators."""
    if not layout.group_lengths:
        return "#" + _fraction(layout)
    return ("#,##0" if grouped else "0") + _fraction(layout)


def _fraction(layout: Layout) -> str:
    return "." + "0" * layout.decimals if layout.decimals else ""


def _signed(reading: Reading, digits: str) -> str:
    """Sections for positive, negative and zero values, as few as needed."""
    shape = reading.numeral.shape
    shown, unsigned = _around(shape.head, digits, shape.tail), _unsigned(reading, digits)
    if shape.negative:
        return f"{unsigned};{shown}" if reading.units else f"{unsigned};{shown};{shown}"
    return f"{shown};-{unsigned}" if shown != unsigned else shown


def _of_locale(reading: Reading) -> str:
    """Under the number symbols of a locale: German, or French where spaces group."""
    separator = reading.layout.separator
    symbols = "[$-40C]" if separator and separator in SPACES else "[$-407]"
    sections = _signed(reading, _digits(reading.layout, grouped=bool(separator))).split(";")
    return ";".join(symbols + section for section in sections)


def _around(head: str, digits: str, tail: str) -> str:
    return literal(head) + digits + _tail(tail)


def _unsigned(reading: Reading, digits: str) -> str:
    shape = reading.numeral.shape
    return _around(shape.plain_head, digits, shape.plain_tail)


def _literal_groups(reading: Reading) -> str:
    """Digits with literal separators for numbers of this size, without any for smaller ones."""
    shape, layout = reading.numeral.shape, reading.layout
    separator, lengths = f"\\{layout.separator}", layout.group_lengths[1:]
    digits = separator.join(["0", *("0" * length for length in lengths)]) + _fraction(layout)
    shown = _around(shape.head, digits, shape.tail)
    plain = _unsigned(reading, "0" + _fraction(layout))
    smallest = _number(Decimal(10) ** (sum(lengths) - shape.scale))
    if shape.negative:
        return f"[>-{smallest}]{plain};[<=-{smallest}]{shown}"
    return f"[>={smallest}]{shown};[<0]-{plain};{plain}"


def _one_value(reading: Reading) -> str:
    """The raw text for this very value, Excel's own look for any other."""
    raw, layout = _quoted(reading.numeral.raw), reading.layout
    plain = _unsigned(reading, ("#,##0" if layout.separator else "0") + _fraction(layout))
    if reading.numeral.shape.rate == "‰":
        plain = "0." + "0" * reading.places
    if not reading.units:
        return f"{plain};-{plain};{raw}"
    value = _number(reading.value)
    if reading.numeral.negative:
        return f"[>{value}]{plain};[={value}]{raw};-{plain}"
    return f"[={value}]{raw};[<0]-{plain};{plain}"


def _number(value: Decimal) -> str:
    """Without exponent and trailing zeros."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def literal(text: str) -> str:
    """The text so that a format shows it as it stands; a per cent sign keeps its meaning."""
    return "".join(part if part in "-+()$ %" else _quoted(part) for part in _PLAIN.findall(text))


def _tail(text: str) -> str:
    """Behind digits some programs take a minus for a sign of their own unless it is escaped."""
    return literal(text).replace("-", "\\-")


def _quoted(text: str) -> str:
    return f'"{text}"'
