"""Deciding which character stands before decimals: by the column, else the table, else its surroundings.

Only numerals that can be read in one way alone are evidence (``12.5``, ``1.234,50``, ``1,234,567``);
``1.234`` says nothing by itself. Never decided cell by cell: a cell that contradicts its column stays text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from app.workbook.languages import leaning
from app.workbook.numerals import SPACES, Numeral
from app.workbook.readings import Decimals, depends_on_convention, readable

Evidence = Counter[Decimals]

_CLEAR = 3
"""One convention wins when it has at least this many times the evidence of the other."""
_MANY = 4
_MISFITS = 4
"""Where one numeral of so many is unreadable, the column holds versions or addresses, not numbers."""


def evidence(numerals: Iterable[Numeral]) -> Evidence:
    """How many numerals can be read under one convention alone."""
    counts: Evidence = Counter()
    for numeral in numerals:
        if depends_on_convention(numeral) and len(possible := readable(numeral)) == 1:
            counts.update(possible)
    return counts


def decide(column: Sequence[Numeral], table: Evidence, surroundings: Evidence, words: str) -> Decimals | None:
    """The column's convention, None when nothing settles it.

    ``surroundings``: evidence of the image's other tables; ``words``: the table's text without numbers.
    """
    if _misfits(column):
        return None
    own = evidence(column)
    if own:
        return _clear(own)
    for prior in (table, surroundings):
        if prior:
            return _clear(prior)
    return _grouping_evident(column, words)


def _clear(counts: Evidence) -> Decimals | None:
    """The convention that clearly wins."""
    (winner, votes), *others = counts.most_common()
    return winner if not others or votes >= _CLEAR * others[0][1] else None


def _misfits(column: Sequence[Numeral]) -> bool:
    separated = [numeral for numeral in column if depends_on_convention(numeral)]
    unreadable = sum(not readable(numeral) for numeral in separated)
    return unreadable * _MISFITS > len(separated)


def _grouping_evident(column: Sequence[Numeral], words: str) -> Decimals | None:
    """The convention of a column that has nothing but numerals like ``1,234``, when they must be thousands.

    They must be where whole numbers below 1000 stand among them without any decimals: three decimals would
    be written there too; and where many of them differ in size. For the point, which many write before
    three decimals, the words have to agree.
    """
    ambiguous = [numeral for numeral in column if depends_on_convention(numeral)]
    characters = {char for numeral in ambiguous for char in numeral.separators if char not in SPACES}
    if len(characters) != 1 or _long_ungrouped(column):
        return None
    small = sum(numeral.is_plain and 0 < len(numeral.core) <= 3 for numeral in column)
    lengths = {len(numeral.groups[0]) for numeral in ambiguous}
    mixed = (len(ambiguous) >= 2 and small > 0) or (len(ambiguous) >= _MANY and len(lengths) > 1)
    lean = leaning(words)
    if characters == {","} and lean is not Decimals.COMMA and (mixed or lean is Decimals.POINT):
        return Decimals.POINT
    if characters == {"."} and lean is Decimals.COMMA and mixed and small > 0:
        return Decimals.COMMA
    return None


def _long_ungrouped(column: Sequence[Numeral]) -> bool:
    """Whether numbers of five digits and more stand without separators: then separators group nothing."""
    return any(numeral.is_plain and len(numeral.core) >= 5 for numeral in column)
