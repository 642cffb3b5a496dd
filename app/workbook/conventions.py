"""Deciding which character stands before decimals: by the column, else the table, else its surroundings.

Only numerals that can be read in one way alone are evidence (``12.5``, ``1.234,50``, ``1,234,567``);
``1.234`` says nothing by itself. Never decided cell by cell: a cell that contradicts its column stays text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from app.workbook.numerals import Numeral
from app.workbook.shapes import SPACES, Decimals

Evidence = Counter[Decimals]
Leaning = Callable[[], Decimals | None]
"""Tells which convention a table's words go with; asked only when nothing else settles it."""

_CLEAR = 3
"""One convention wins when it has at least this many times the evidence of the other."""
_MANY = 4
_MISFITS = 4
"""Where one numeral of so many is unreadable, the column holds versions or addresses, not numbers."""


def evidence(numerals: Iterable[Numeral]) -> Evidence:
    """How many numerals can be read under one convention alone."""
    sole = [n.layouts for n in numerals if len(n.layouts) == 1 and n.shape.separated]
    return Counter([decimals for layouts in sole for decimals in layouts])


def decide(
    column: Sequence[Numeral], strangers: int, priors: Sequence[Evidence], leaning: Leaning
) -> Decimals | None:
    """The column's convention, None when nothing settles it.

    ``strangers``: cells built like dates that are none. ``priors``: evidence of the column, its table and the
    image's other tables.
    """
    separated = [numeral for numeral in column if numeral.shape.separated]
    if _misfits(separated, strangers):
        return None
    for prior in priors:
        if prior:
            return _clear(prior)
    return _grouping_evident(column, separated, leaning)


def _clear(counts: Evidence) -> Decimals | None:
    """The convention that clearly wins."""
    (winner, votes), *others = counts.most_common()
    return winner if not others or votes >= _CLEAR * others[0][1] else None


def _misfits(separated: Sequence[Numeral], strangers: int) -> bool:
    unreadable = strangers + sum(not numeral.layouts for numeral in separated)
    return unreadable * _MISFITS > strangers + len(separated)


def _grouping_evident(
    column: Sequence[Numeral], ambiguous: Sequence[Numeral], leaning: Leaning
) -> Decimals | None:
    """The convention of a column that has nothing but numerals like ``1,234``, when they must be thousands.

    They must be where whole numbers below 1000 stand among them without any decimals: three decimals would
    be written there too; and where many of them differ in size. For the point, which many write before
    three decimals, the words have to agree.
    """
    characters = {char for numeral in ambiguous for char in numeral.shape.separators if char not in SPACES}
    if len(characters) != 1 or _long_ungrouped(column):
        return None
    small = sum(numeral.shape.is_plain and numeral.shape.lengths[0] <= 3 for numeral in column)
    lengths = {numeral.shape.lengths[0] for numeral in ambiguous}
    mixed = (len(ambiguous) >= 2 and small > 0) or (len(ambiguous) >= _MANY and len(lengths) > 1)
    lean = leaning()
    if characters == {","} and lean is not Decimals.COMMA and (mixed or lean is Decimals.POINT):
        return Decimals.POINT
    if characters == {"."} and lean is Decimals.COMMA and mixed and small > 0:
        return Decimals.COMMA
    return None


def _long_ungrouped(column: Sequence[Numeral]) -> bool:
    """Whether numbers of five digits and more stand without separators: then separators group nothing."""
    return any(numeral.shape.is_plain and numeral.shape.lengths[0] >= 5 for numeral in column)
