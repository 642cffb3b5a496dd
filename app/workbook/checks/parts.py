"""Lines that are parts of another one, among others: of which. They need not add up to it, but none exceeds
it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from app.workbook.checks.amounts import Amount
from app.workbook.checks.axes import Axis, Line
from app.workbook.checks.misreadings import exchanged_within
from app.workbook.checks.relation import Kind, Relation, Remedy
from app.workbook.checks.totals import totals

_ENDLESS = Decimal(10) ** 18


@dataclass(frozen=True, slots=True)
class Parts:
    """A line with those of its parts that a table names."""

    whole: Line
    parts: tuple[Line, ...]


def without_parts(axis: Axis) -> tuple[Axis, list[Parts]]:
    """The lines that may add up, and apart from them the parts: lines labelled so, and those that stand as
    deep in the hierarchy right below such a label."""
    kept: list[Line] = []
    found: list[Parts] = []
    whole: Line | None = None
    first: Line | None = None
    for line in axis.lines:
        if whole is not None and (line.is_part or _belongs(line, whole, first)):
            first = first if first is not None and not line.is_part else line
            if line.is_filled:
                found = _added(found, whole, line)
            continue
        kept.append(line)
        first, whole = None, line if line.is_filled else None
    return replace(axis, lines=tuple(kept)), found


def _belongs(line: Line, whole: Line, first: Line | None) -> bool:
    """Whether it goes on with the parts that a label began."""
    if first is None or line.level is None or whole.level is None or line.is_total:
        return False
    return line.level > whole.level and line.level >= (first.level or 0)


def _added(found: list[Parts], whole: Line, line: Line) -> list[Parts]:
    if found and found[-1].whole is whole:
        return [*found[:-1], Parts(whole, (*found[-1].parts, line))]
    return [*found, Parts(whole, (line,))]


def limits(axis: Axis, group: Parts) -> list[Relation]:
    """The parts make the whole, where they do in every lane; else no part exceeds it."""
    lines = (*group.parts, group.whole)
    sums = [r for r in totals([replace(axis, lines=lines)]) if r.kind is Kind.SUM]
    place = 0 if axis.by_rows else 1
    whole = [relation for relation in sums if relation.result[place] == group.whole.index]
    return whole or list(_limits(axis, group))


def _limits(axis: Axis, group: Parts) -> Iterator[Relation]:
    """No part exceeds the whole, in any lane of amounts that are not negative. One that does is told where
    one digit explains it and the part keeps to the whole in the other lanes."""
    for part in group.parts:
        pairs = [
            (lane, amount, whole)
            for lane, (amount, whole) in enumerate(zip(part.amounts, group.whole.amounts, strict=True))
            if amount and whole and amount.units >= 0 and whole.units >= 0
        ]
        exceeding = sum(_exceeds(amount, whole) for _, amount, whole in pairs)
        for lane, amount, whole in pairs:
            relation = _limit(axis, (part.index, group.whole.index), lane, amount, whole)
            if not relation.remedies or (exceeding == 1 and _is_explained(relation, amount, whole)):
                yield relation


def _exceeds(amount: Amount, whole: Amount) -> bool:
    return amount.value > whole.value + (amount.step + whole.step) / 2


def _limit(axis: Axis, lines: tuple[int, int], lane: int, amount: Amount, whole: Amount) -> Relation:
    own, other = (axis.position(line, lane) for line in lines)
    slack = (amount.step + whole.step) / 2
    least, most = Remedy.between(own, Decimal(0), whole.value), Remedy.between(other, amount.value, _ENDLESS)
    remedies = (least, most) if _exceeds(amount, whole) else ()
    return Relation(Kind.PART, own, (other,), amount.value, whole.value, slack, remedies)


def _is_explained(relation: Relation, *amounts: Amount) -> bool:
    return any(
        exchanged_within(amount, *remedy.bounds)
        for amount, remedy in zip(amounts, relation.remedies, strict=True)
    )
