"""Totals that check out, as formulas: what is changed in the sheet is then added up anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.workbook.checks.amounts import Position
from app.workbook.checks.relation import Kind, Relation
from app.workbook.checks.told import runs
from app.workbook.placed import PlacedTable
from app.workbook.placement import range_name

_MOST_ARGUMENTS = 255
"""Of a function in Excel."""


def live_totals(table: PlacedTable) -> dict[Position, str]:
    """Formulas by place: for each sum that is exactly right and whose parts are numbers in the sheet. No
    formula computes, over others, from itself."""
    numbers = {shown.place for shown in table.shown if not shown.typed.is_text}
    chosen: dict[Position, frozenset[Position]] = {}
    for relation in _sums(table):
        parts = frozenset(relation.terms)
        fits = relation.result in numbers and parts <= numbers and relation.result not in chosen
        if fits and not _leads_to(relation.result, parts, chosen):
            chosen[relation.result] = parts
    formulas = {result: _formula(parts) for result, parts in chosen.items()}
    return {place: formula for place, formula in formulas.items() if formula}


def _sums(table: PlacedTable) -> Iterator[Relation]:
    """Those with most parts first: a grand total of items before one of subtotals in the other direction."""
    relations = (finding.relation for finding in table.findings)
    exact = [
        relation
        for relation in relations
        if relation.kind is Kind.SUM and relation.stated == relation.expected and not relation.remedies
    ]
    yield from sorted(exact, key=lambda relation: (relation.result, -len(relation.terms)))


def _leads_to(
    result: Position, parts: Iterable[Position], chosen: Mapping[Position, frozenset[Position]]
) -> bool:
    """Whether one of the parts is computed from the result."""
    seen: set[Position] = set()
    waiting = list(parts)
    while waiting:
        place = waiting.pop()
        if place == result:
            return True
        if place not in seen:
            seen.add(place)
            waiting += chosen.get(place, ())
    return False


def _formula(parts: frozenset[Position]) -> str:
    across = len({row for row, _ in parts}) == 1
    ordered = sorted(parts) if across else sorted(parts, key=lambda place: (place[1], place[0]))
    ranges = [range_name(*run) for run in runs(ordered)]
    return f"=SUM({','.join(ranges)})" if len(ranges) <= _MOST_ARGUMENTS else ""
