"""What a column's numerals may be, judged by all of its cells: identifiers, negatives, groups of digits."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from app.workbook.numerals import Numeral
from app.workbook.shapes import Decimals, Shape

_IDENTIFIER_HEADER = re.compile(
    r"(?i)\b(?:id|ids|code|codes|zip|plz|sku|ean|gtin|isbn|issn|iban|bic|imei|vin|phone|telephone|tel|telefon|"
    r"fax|serial|ref|reference|konto|account|postcode|postleitzahl|barcode|nr|№|"
    r"\w*nummer|(?<=\w )(?:no|number))\.?\)?$"
)
_VERSION_HEADER = re.compile(
    r"(?i)(?:\b(?:version|versions|ver|release|revision|rev|firmware|section|chapter|clause|kapitel|abschnitt|"
    r"versión|versione|versie|verzió|verze|wersja|rozdział|chapitre|capítulo|capitolo)|версия|バージョン|版本)\.?$"
)
_LONGEST_COUNT = 11
"""Digits without separators above which they identify something (EAN, ISBN, telephone) rather than count."""
_SHORTEST_IDENTIFIER = 5
_CHANCE = 3
"""In so many numbers the groups of digits may rise by chance."""
_MOST_GROUPS = 4
"""Of a count: thousands of millions, or 12,34,56,789."""
_RAISED = "⁰²³⁴⁵⁶⁷⁸⁹"
"""Digits that are powers; nobody writes the first one."""


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column with what is around it."""

    header: str
    numerals: Sequence[Numeral]
    labelled: Sequence[bool]
    """For each numeral, whether its row begins with a text."""
    table: Collection[Shape]
    """The shapes of the numerals of all columns."""
    table_spaces: bool
    """Whether spaces group digits elsewhere in the table."""
    east_asian: Callable[[], bool]
    """Tells whether the table's words are Chinese or Japanese."""
    decimals: Decimals | None
    """The column's convention."""


@dataclass(frozen=True, slots=True)
class ColumnTraits:
    """What holds for all numerals of a column."""

    identifiers: bool
    """Bare digits name things here; they stay text."""
    versions: bool
    """Points part versions or chapters here, such as 2.9 and 2.10; they stay text."""
    lists: bool
    """Commas separate several numbers here, such as 413,417,421."""
    parentheses_negate: bool
    trailing_minus_negates: bool
    triangles_negate: bool
    spaces_group: bool
    marks_explain: bool
    """What stands behind numbers here are marks of notes, not powers (10²) or ratings (5*)."""


def column_traits(view: ColumnView) -> ColumnTraits:
    """Judges a column."""
    shapes = {numeral.shape for numeral in view.numerals}
    return ColumnTraits(
        identifiers=_identifiers(view.header, view.numerals),
        versions=any("." in shape.separators for shape in shapes) and _versions(view.header, view.numerals),
        lists=any(shape.separators[:1] == (",",) for shape in shapes) and _lists(view.numerals),
        parentheses_negate=any(shape.parenthesised for shape in shapes) and _parentheses_negate(view),
        trailing_minus_negates=any(shape.trailing_minus for shape in shapes)
        and _trailing_minus_negates(view),
        triangles_negate=any(shape.triangle for shape in shapes) and view.east_asian(),
        spaces_group=any(shape.spaced for shape in shapes) and _spaces_group(view),
        marks_explain=any(shape.mark for shape in shapes) and _marks_explain(view.numerals),
    )


def accepted(shape: Shape, traits: ColumnTraits) -> bool:
    """Whether numerals of the shape may become numbers in their column."""
    return not (
        (traits.identifiers and shape.is_bare)
        or (traits.versions and shape.separators == (".",))
        or (traits.lists and not shape.is_plain)
        or (shape.parenthesised and not traits.parentheses_negate)
        or (shape.trailing_minus and not traits.trailing_minus_negates)
        or (shape.triangle and not traits.triangles_negate)
        or (shape.spaced and not traits.spaces_group)
        or (shape.mark and not traits.marks_explain)
    )


def _identifiers(header: str, column: Sequence[Numeral]) -> bool:
    bare = [numeral.core for numeral in column if numeral.shape.is_bare]
    if any((len(core) > 1 and core[0] == "0") or len(core) > _LONGEST_COUNT for core in bare):
        return True
    if not any(len(core) >= _SHORTEST_IDENTIFIER for core in bare):
        return False
    return _IDENTIFIER_HEADER.search(header.strip()) is not None


def _versions(header: str, column: Sequence[Numeral]) -> bool:
    """All are parted by one point, under a header that says so, or some count on from .9 to .10."""
    parts = [numeral.core.split(".") for numeral in column]
    if any(len(part) != 2 or not all(map(str.isdecimal, part)) for part in parts):
        return False
    counted = any(a == b and (c, d) == ("9", "10") for (a, c), (b, d) in itertools.pairwise(parts))
    return counted or _VERSION_HEADER.search(header.strip()) is not None


def _lists(column: Sequence[Numeral]) -> bool:
    """Whether commas join references: all have three digits (421,423) and most rise, as groups of digits do
    by chance alone, or they are too many for a number that anybody counts."""
    joined = [n for n in column if set(n.shape.separators) == {","} and not n.shape.currency]
    if any(len(numeral.shape.lengths) > _MOST_GROUPS for numeral in joined):
        return True
    if any(length != 3 for numeral in joined for length in numeral.shape.lengths):
        return False
    rising = [groups for n in joined if list(groups := n.groups) == sorted(set(groups))]
    return len(rising) > _CHANCE and len(rising) * 4 >= len(joined) * 3


def _parentheses_negate(view: ColumnView) -> bool:
    """Accountants' negatives, not notes, estimates, shares or standard errors (in rows without a label).

    The table has no other sign, and all in parentheses are amounts of money or grouped, or they are the
    smaller part in a column that has such amounts.
    """
    judged = zip(view.numerals, view.labelled, strict=True)
    inside = [(numeral.shape, label) for numeral, label in judged if numeral.shape.parenthesised]
    if not all(label for _, label in inside) or any(shape.signed for shape in view.table):
        return False
    if all(_is_amount(shape, view.decimals) for shape, _ in inside):
        return True
    amounts = any(_is_amount(numeral.shape, view.decimals) for numeral in view.numerals)
    return amounts and len(inside) * 2 < len(view.numerals)


def _is_amount(shape: Shape, decimals: Decimals | None) -> bool:
    layout = shape.layouts.get(decimals) if decimals else None
    return bool(shape.currency) or (layout is not None and bool(layout.separator))


def _trailing_minus_negates(view: ColumnView) -> bool:
    """Not the torn half of a range such as ``12-15``."""
    trailing = [numeral.shape for numeral in view.numerals if numeral.shape.trailing_minus]
    leading = any(shape.negative and not shape.trailing_minus for shape in view.table)
    return not leading and (len(trailing) > 1 or any(len(shape.lengths) > 1 for shape in trailing))


def _spaces_group(view: ColumnView) -> bool:
    """Groups of three, not two cells run together: other numbers have them too, none does without."""
    ungrouped = any(n.shape.is_plain and n.shape.lengths[0] >= 5 for n in view.numerals)
    return not ungrouped and (view.table_spaces or spaces_repeat(view.numerals))


def spaces_repeat(numerals: Sequence[Numeral]) -> bool:
    """Whether spaces between digits come often enough to be meant."""
    shapes = [numeral.shape for numeral in numerals]
    spaced = [shape for shape in shapes if shape.spaced]
    certain = any(len(shape.lengths) > 2 or shape.currency or shape.rate for shape in spaced)
    small = any(shape.is_plain and shape.lengths[0] <= 3 for shape in shapes)
    return certain or len(spaced) > 2 or (len(spaced) > 1 and small)


def _marks_explain(column: Sequence[Numeral]) -> bool:
    """Marks stand behind decimals or grouped digits, or behind the smaller part of the numbers; small raised
    digits behind whole numbers are powers."""
    marked = [numeral.shape for numeral in column if numeral.shape.mark]
    plain = [shape for shape in marked if shape.is_plain]
    if any(shape.mark[0] in _RAISED for shape in plain):
        return False
    return not plain or len(marked) * 2 <= len(column)
