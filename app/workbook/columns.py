"""What a column's numerals may be, judged by all of its cells: identifiers, negatives, groups of digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.workbook.numerals import SPACES, Numeral
from app.workbook.readings import Decimals, read

_IDENTIFIER_HEADER = re.compile(
    r"(?i)\b(?:id|ids|code|codes|zip|plz|sku|ean|gtin|isbn|issn|iban|bic|imei|vin|phone|telephone|tel|telefon|"
    r"fax|serial|ref|reference|konto|account|postcode|postleitzahl|barcode|nr|№|"
    r"\w*nummer|(?<=\w )(?:no|number))\.?\)?$"
)
_LONGEST_COUNT = 11
"""Digits without separators above which they identify something (EAN, ISBN, telephone) rather than count."""
_SHORTEST_IDENTIFIER = 5


@dataclass(frozen=True, slots=True)
class ColumnTraits:
    """What holds for all numerals of a column."""

    identifiers: bool
    """Bare digits name things here; they stay text."""
    parentheses_negate: bool
    trailing_minus_negates: bool
    spaces_group: bool


def column_traits(
    header: str,
    column: Sequence[Numeral],
    labelled: Sequence[bool],
    table: Sequence[Numeral],
    decimals: Decimals | None,
) -> ColumnTraits:
    """Judges a column. ``labelled``: for each numeral, whether its row has a text before it; ``table``: the
    numerals of all columns; ``decimals``: the column's convention."""
    return ColumnTraits(
        identifiers=_identifiers(header, column),
        parentheses_negate=_parentheses_negate(column, labelled, decimals),
        trailing_minus_negates=_trailing_minus_negates(column),
        spaces_group=_spaces_group(column, table),
    )


def accepted(numeral: Numeral, traits: ColumnTraits) -> bool:
    """Whether the numeral may become a number in its column."""
    return not (
        (numeral.is_bare and traits.identifiers)
        or (numeral.parenthesised and not traits.parentheses_negate)
        or (numeral.trailing_minus and not traits.trailing_minus_negates)
        or (_spaced(numeral) and not traits.spaces_group)
    )


def _identifiers(header: str, column: Sequence[Numeral]) -> bool:
    bare = [numeral.core for numeral in column if numeral.is_bare]
    if any((len(core) > 1 and core.startswith("0")) or len(core) > _LONGEST_COUNT for core in bare):
        return True
    named = _IDENTIFIER_HEADER.search(header.strip()) is not None
    return named and any(len(core) >= _SHORTEST_IDENTIFIER for core in bare)


def _parentheses_negate(
    column: Sequence[Numeral], labelled: Sequence[bool], decimals: Decimals | None
) -> bool:
    """Accountants' negatives, not notes, shares or standard errors (these stand in rows without a label).

    They are the smaller part among numbers without any minus, or all are amounts of money or grouped.
    """
    inside = [
        (numeral, label) for numeral, label in zip(column, labelled, strict=True) if numeral.parenthesised
    ]
    if not inside or not all(label for _, label in inside):
        return False
    if any(numeral.negative and not numeral.parenthesised for numeral in column):
        return False
    amounts = all(numeral.currency or _grouped(numeral, decimals) for numeral, _ in inside)
    return len(inside) * 2 < len(column) or amounts


def _grouped(numeral: Numeral, decimals: Decimals | None) -> bool:
    reading = read(numeral, decimals) if decimals else None
    return reading is not None and bool(reading.separator)


def _trailing_minus_negates(column: Sequence[Numeral]) -> bool:
    """Not the torn half of a range such as ``12-15``."""
    trailing = [numeral for numeral in column if numeral.trailing_minus]
    leading = any(numeral.negative and not numeral.trailing_minus for numeral in column)
    return not leading and (len(trailing) > 1 or any(len(numeral.groups) > 1 for numeral in trailing))


def _spaced(numeral: Numeral) -> bool:
    return any(separator in SPACES for separator in numeral.separators)


def _spaces_group(column: Sequence[Numeral], table: Sequence[Numeral]) -> bool:
    """Groups of three, not two cells run together: other numbers have them too, none does without."""
    ungrouped = any(numeral.is_plain and len(numeral.core) >= 5 for numeral in column)
    return not ungrouped and (_spaces_repeat(column) or _spaces_repeat(table))


def _spaces_repeat(numerals: Sequence[Numeral]) -> bool:
    spaced = [numeral for numeral in numerals if _spaced(numeral)]
    certain = any(len(numeral.groups) > 2 or numeral.currency or numeral.percent for numeral in spaced)
    small = any(numeral.is_plain and len(numeral.core) <= 3 for numeral in numerals)
    return certain or len(spaced) > 2 or (len(spaced) > 1 and small)
