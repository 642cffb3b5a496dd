"""Excel number formats under which a number looks as it does in the image.

A format's ``,`` and ``.`` are shown as the viewer's own separators, so they serve for the look that they have
in an English Excel. Any other look is made of literal characters:

- other grouping (``1 234.5``, ``1'234``, ``1.234``, ``12,34,567``): literals between the digits, in a section
  with a condition, so that a smaller number typed over it later does not show ``.234``;
- a comma before decimals: digits behind a literal comma cannot be had, so the section ``[=1234.5]"1.234,50"``
  shows this very value literally and the others have the plain look. Such a format serves one value alone.

Signs are written so that Excel and LibreOffice agree: Excel adds a minus where a section can match both
signs, LibreOffice in the first section alone. docs/adr/0002 tells the reasons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from app.workbook.numerals import MINUS_SIGNS
from app.workbook.readings import Decimals, Reading

_PLAIN = re.compile(r'[-+()$ %]|[^-+()$ %"]+|"')


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """An Excel number format."""

    code: str
    serves_one_value: bool = False
    """Whether the look is tied to the value, so that each value of a column needs a format of its own."""


def number_format(reading: Reading, decimals: Decimals, *, grouped: bool = False) -> NumberFormat:
    """The format under which the reading's value shows exactly the numeral's raw text.

    ``grouped``: the column groups thousands with commas; a number too small for one gets the same format.
    """
    if decimals is Decimals.COMMA and reading.decimals:
        return NumberFormat(_one_value(reading), serves_one_value=True)
    if reading.separator and not (reading.separator == "," and _western(reading)):
        return NumberFormat(_literal_groups(reading))
    small = sum(reading.group_lengths) <= 3
    return NumberFormat(
        _signed(reading, _digits(reading, grouped=bool(reading.separator) or (grouped and small)))
    )


def _western(reading: Reading) -> bool:
    return all(length == 3 for length in reading.group_lengths[1:])


def _digits(reading: Reading, *, grouped: bool) -> str:
    """The digits with Excel's own separators."""
    if not reading.group_lengths:
        return "#" + _fraction(reading)
    return ("#,##0" if grouped else "0") + _fraction(reading)


def _fraction(reading: Reading) -> str:
    return "." + "0" * reading.decimals if reading.decimals else ""


def _signed(reading: Reading, digits: str) -> str:
    """Sections for positive, negative and zero values, as few as needed."""
    numeral = reading.numeral
    shown = literal(numeral.head) + digits + _tail(numeral.tail)
    unsigned = literal(_unsigned(numeral.head)) + digits + _tail(_unsigned(numeral.tail))
    if numeral.negative:
        return f"{unsigned};{shown};{shown}" if not reading.magnitude else f"{unsigned};{shown}"
    return f"{shown};-{unsigned}" if shown != unsigned else shown


def _unsigned(text: str) -> str:
    """Head or tail of the same number without its sign."""
    kept = re.sub(rf"[()+{MINUS_SIGNS}]", "", text)
    return re.sub(r"\s{2,}", " ", kept) if re.search(r"\S", kept) else ""


def _literal_groups(reading: Reading) -> str:
    """Digits with literal separators for numbers of this size, without any for smaller ones."""
    numeral, lengths = reading.numeral, reading.group_lengths
    separator = f"\\{reading.separator}"
    digits = separator.join(["0", *("0" * length for length in lengths[1:])]) + _fraction(reading)
    shown = literal(numeral.head) + digits + _tail(numeral.tail)
    plain = literal(_unsigned(numeral.head)) + "0" + _fraction(reading) + _tail(_unsigned(numeral.tail))
    scale = 100 if numeral.percent else 1
    smallest = _number(Decimal(10) ** sum(lengths[1:]) / scale)
    if numeral.negative:
        return f"[>-{smallest}]{plain};[<=-{smallest}]{shown}"
    return f"[>={smallest}]{shown};[<0]-{plain};{plain}"


def _one_value(reading: Reading) -> str:
    """The raw text for this very value, Excel's own look for any other."""
    numeral = reading.numeral
    digits = ("#,##0" if reading.separator else "0") + _fraction(reading)
    plain = literal(_unsigned(numeral.head)) + digits + _tail(_unsigned(numeral.tail))
    if not reading.magnitude:
        return f"{plain};-{plain};{_quoted(numeral.raw)}"
    value = _number(reading.value)
    if numeral.negative:
        return f"[>{value}]{plain};[={value}]{_quoted(numeral.raw)};-{plain}"
    return f"[={value}]{_quoted(numeral.raw)};[<0]-{plain};{plain}"


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
