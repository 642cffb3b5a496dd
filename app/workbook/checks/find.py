"""All checks of a table: what holds, what does not, and the smallest repair that would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.tables.grid import Table
from app.workbook.checks.amounts import Amount, Amounts, Position, amounts_of, cell_at
from app.workbook.checks.axes import axes_of
from app.workbook.checks.formulas import explained, formulas
from app.workbook.checks.parts import limits, without_parts
from app.workbook.checks.portions import portions
from app.workbook.checks.relation import Kind, Relation
from app.workbook.checks.repairs import Finding, judged
from app.workbook.checks.series import balances, hundreds, sequences
from app.workbook.checks.timeline import misplaced_dates
from app.workbook.checks.totals import totals
from app.workbook.values import Typed


def find_checks(table: Table, typed: Typed) -> list[Finding]:
    """Every relation found, broken ones first. Nothing is changed."""
    amounts = amounts_of(table, typed)
    misplaced = list(misplaced_dates(table, typed))
    relations = [*_relations(table, amounts), *(relation for relation, _ in misplaced)]
    broken = [relation for relation in relations if relation.remedies]
    dates = {relation.result: texts for relation, texts in misplaced}
    return [
        *(judged(broken, amounts, cell_at(table), dates) if broken else ()),
        *(Finding(relation) for relation in relations if not relation.remedies),
    ]


def _relations(table: Table, amounts: Amounts) -> list[Relation]:
    columns: list[dict[int, Amount]] = [{} for _ in range(table.cols)]
    for (row, col), amount in amounts.items():
        columns[col][row] = amount
    split = [without_parts(axis) for axis in axes_of(table, amounts)]
    added = totals(axis for axis, _ in split)
    items = _without_results(columns, added)
    told = [
        *added,
        *(relation for axis, groups in split for group in groups for relation in limits(axis, group)),
        *(r for r in formulas(items) if not r.remedies or explained(r, amounts)),
        *balances(columns),
        *portions(columns, added),
        *hundreds(_lines(amounts, added, by=1)),
        *hundreds(_lines(amounts, added, by=0)),
        *(relation for relation in sequences(columns) if relation.remedies),
    ]
    return _distinct(told)


def _lines(amounts: Amounts, added: Iterable[Relation], by: int) -> dict[int, dict[Position, Amount]]:
    """The amounts by column (1) or by row (0), without those in which some add up to others."""
    summed = {
        relation.result[by] for relation in added if len({place[by] for place in _cells(relation)}) == 1
    }
    lines: dict[int, dict[Position, Amount]] = {}
    for place, amount in amounts.items():
        if place[by] not in summed:
            lines.setdefault(place[by], {})[place] = amount
    return lines


def _cells(relation: Relation) -> tuple[Position, ...]:
    return relation.result, *relation.terms


def _without_results(
    columns: Sequence[Mapping[int, Amount]], added: Iterable[Relation]
) -> list[dict[int, Amount]]:
    """Totals of rates are no rates of totals: lines that add up others are left out row by row."""
    results = {relation.result for relation in added}
    return [
        {row: amount for row, amount in column.items() if (row, col) not in results or len(column) < 4}
        for col, column in enumerate(columns)
    ]


def _distinct(relations: Iterable[Relation]) -> list[Relation]:
    """a + b = c and c - b = a are one, told as the sum."""
    seen: set[frozenset[Position]] = set()
    kept: list[Relation] = []
    for relation in sorted(relations, key=lambda relation: relation.kind is Kind.DIFFERENCE):
        cells = frozenset(_cells(relation))
        if cells not in seen:
            seen.add(cells)
            kept.append(relation)
    return kept
