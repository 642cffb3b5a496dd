"""Numbers written for people."""

from __future__ import annotations

from decimal import Decimal

from app.workbook.numerals import parse_numeral


def repaired(raw: str, value: Decimal) -> str:
    """The value written as the raw text is, where its digits fit into it; else plainly."""
    numeral = parse_numeral(raw)
    wanted = f"{abs(value):f}".replace(".", "").lstrip("0")
    if numeral is None or (value < 0) != numeral.negative:
        return plain(value)
    if numeral.shape.rate:
        wanted = f"{abs(value).scaleb(numeral.shape.scale).normalize():f}".replace(".", "").lstrip("0")
    digits = numeral.digits
    if len(wanted) > len(digits):
        return plain(value)
    fresh = iter(wanted.rjust(len(digits), "0"))
    return "".join(next(fresh) if char.isdigit() else char for char in raw)


def plain(value: Decimal) -> str:
    """Without an exponent and without zeros at the end of decimals."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
