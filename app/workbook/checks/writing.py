"""Numbers written for people."""

from __future__ import annotations

from decimal import Decimal

from app.workbook.numerals import parse_numeral


def repaired(raw: str, value: Decimal) -> str:
    """The value written as the raw text is, where its digits fit into it; else plainly. ``value``: with as
    many decimals as the raw number."""
    numeral = parse_numeral(raw)
    if numeral is None or (value < 0) != numeral.negative:
        return plain(value)
    shown = abs(value).scaleb(numeral.shape.scale if numeral.shape.rate else 0)
    wanted, digits = f"{shown:f}".replace(".", ""), numeral.digits
    if len(wanted) > len(digits):
        return plain(value)
    return _filled(raw, wanted, 0 if digits.startswith("0") else len(digits) - len(wanted))


def _filled(raw: str, digits: str, dropped: int) -> str:
    """The digits in place of the raw text's, the first dropped with what parts them."""
    fresh = iter(digits.rjust(sum(map(str.isdigit, raw)) - dropped, "0"))
    written: list[str] = []
    behind = False
    for char in raw:
        if char.isdigit():
            behind, dropped = dropped > 0, dropped - 1
            written += [] if behind else [next(fresh)]
        elif not behind:
            written.append(char)
    return "".join(written)


def plain(value: Decimal) -> str:
    """Without an exponent and without zeros at the end of decimals."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
