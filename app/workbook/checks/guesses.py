"""Which formulas may hold between three columns, guessed fast and generously from a few rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.workbook.checks.amounts import Amount
from app.workbook.checks.relation import Kind

Row = tuple[int, Amount, Amount, Amount]
"""A row's number with the amounts of the columns a, b and c."""
Near = tuple[Kind, int]
"""A formula's kind, and 100 where its result may be printed in per cent without the sign."""


def near_kinds(rows: Sequence[Row], *, ordered: bool) -> set[Near]:
    """The formulas that hold roughly in half of the rows that tell anything, and so may hold. ``ordered``: a
    stands before b; products and changes are read in that order alone."""
    telling = [(a, b, c) for _, a, b, c in rows if a.number and b.number]
    needed = max(2, len(telling)) / 2
    counts: dict[Near, int] = {}
    for seen, (a, b, c) in enumerate(telling, 1):
        for near in _near(a, b, c, ordered=ordered):
            counts[near] = counts.get(near, 0) + 1
        if max(counts.values(), default=0) + len(telling) - seen < needed:
            break
    return {near for near, count in counts.items() if count >= needed}


def _near(a: Amount, b: Amount, c: Amount, *, ordered: bool) -> Iterator[Near]:
    """Within twice what rounding may part, or so coarse that nobody can tell."""
    x, y, z, wide = a.number, b.number, c.number, c.unit
    if abs(x - y - z) <= a.unit + b.unit + wide:
        yield Kind.DIFFERENCE, 1
    share, slack = x / y, a.unit / abs(y) + abs(x) * b.unit / (y * y)
    coarse = b.unit >= abs(y)
    for scale in (1, 100):
        if coarse or abs(share * scale - z) <= slack * scale + wide:
            yield Kind.SHARE, scale
    if not ordered:
        return
    if abs(x * y - z) <= abs(y) * a.unit + abs(x) * b.unit + a.unit * b.unit + wide:
        yield Kind.PRODUCT, 1
    change, slack = y / x - 1, b.unit / abs(x) + abs(y) * a.unit / (x * x)
    coarse = a.unit >= abs(x)
    for scale in (1, 100):
        if coarse or abs(change * scale - z) <= slack * scale + wide:
            yield Kind.CHANGE, scale
