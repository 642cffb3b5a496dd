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
_CHANCE = 3
"""In so many numbers the groups of digits may rise by chance."""
_MOST_GROUPS = 4
"""Of a count: thousands of millions, or 12,34,56,789."""


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column with what is around it."""

    header: str
    numerals: Sequence[Numeral]
    labelled: Sequence[bool]
    """For each numeral, whether its row begins with a text."""
    table: Sequence[Numeral]
    """The numerals of all columns."""
    decimals: Decimals | None
    """The column's convention."""


@dataclass(frozen=True, slots=True)
class ColumnTraits:
    """What holds for all numerals of a column."""

    identifiers: bool
    """Bare digits name things here; they stay text."""
    lists: bool
    """Commas separate several numbers here, such as 413,417,421."""
    parentheses_negate: bool
    trailing_minus_negates: bool
    spaces_group: bool


def column_traits(view: ColumnView) -> ColumnTraits:
    """Judges a column."""
    return ColumnTraits(
        identifiers=_identifiers(view.header, view.numerals),
        lists=_lists(view.numerals),
        parentheses_negate=_parentheses_negate(view),
        trailing_minus_negates=_trailing_minus_negates(view),
        spaces_group=_spaces_group(view),
    )


def accepted(numeral: Numeral, traits: ColumnTraits) -> bool:
    """Whether the numeral may become a number in its column."""
    return not (
        (numeral.is_bare and traits.identifiers)
        or (traits.lists and not numeral.is_plain)
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


def _lists(column: Sequence[Numeral]) -> bool:
    """Whether commas join references: all have three digits (421,423) and most rise, as groups of digits do
    by chance alone, or they are too many for a number that anybody counts."""
    joined = [n.groups for n in column if set(n.separators) == {","} and not n.currency]
    if any(len(groups) > _MOST_GROUPS for groups in joined):
        return True
    rising = [groups for groups in joined if list(groups) == sorted(set(groups))]
    alike = all(len(groups[0]) == 3 for groups in joined)
    return alike and len(rising) > _CHANCE and len(rising) * 4 >= len(joined) * 3


def _parentheses_negate(view: ColumnView) -> bool:
    """Accountants' negatives, not notes, estimates, shares or standard errors (in rows without a label).

    The table has no other sign, and all in parentheses are amounts of money or grouped, or they are the
    smaller part in a column that has such amounts.
    """
    judged = zip(view.numerals, view.labelled, strict=True)
    inside = [(numeral, label) for numeral, label in judged if numeral.parenthesised]
    if not inside or not all(label for _, label in inside) or any(_signed(other) for other in view.table):
        return False
    if all(_is_amount(numeral, view.decimals) for numeral, _ in inside):
        return True
    amounts = any(_is_amount(numeral, view.decimals) for numeral in view.numerals)
    return amounts and len(inside) * 2 < len(view.numerals)


def _signed(numeral: Numeral) -> bool:
    return "+" in numeral.head or (numeral.negative and not numeral.parenthesised)


def _is_amount(numeral: Numeral, decimals: Decimals | None) -> bool:
    reading = read(numeral, decimals) if decimals else None
    return bool(numeral.currency) or (reading is not None and bool(reading.separator))


def _trailing_minus_negates(view: ColumnView) -> bool:
    """Not the torn half of a range such as ``12-15``."""
    trailing = [numeral for numeral in view.numerals if numeral.trailing_minus]
    if not trailing:
        return False
    leading = any(numeral.negative and not numeral.trailing_minus for numeral in view.table)
    return not leading and (len(trailing) > 1 or any(len(numeral.groups) > 1 for numeral in trailing))


def _spaced(numeral: Numeral) -> bool:
    return any(separator in SPACES for separator in numeral.separators)


def _spaces_group(view: ColumnView) -> bool:
    """Groups of three, not two cells run together: other numbers have them too, none does without."""
    if not any(_spaced(numeral) for numeral in view.numerals):
        return False
    ungrouped = any(numeral.is_plain and len(numeral.core) >= 5 for numeral in view.numerals)
    return not ungrouped and (_spaces_repeat(view.numerals) or _spaces_repeat(view.table))


def _spaces_repeat(numerals: Sequence[Numeral]) -> bool:
    spaced = [numeral for numeral in numerals if _spaced(numeral)]
    certain = any(len(numeral.groups) > 2 or numeral.currency or numeral.percent for numeral in spaced)
    small = any(numeral.is_plain and len(numeral.core) <= 3 for numeral in numerals)
    return certain or len(spaced) > 2 or (len(spaced) > 1 and small)
