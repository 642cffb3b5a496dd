"""All checks of a table: what holds, what does not, and the smallest repair that would mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.tables.grid import Cell, Table
from app.tables.text import clean
from app.workbook.checks.amounts import Amount, Amounts, Position, amounts_of, axes_of, cell_at
from app.workbook.checks.formulas import explained, formulas
from app.workbook.checks.misreadings import misread_from
from app.workbook.checks.relation import Kind, Relation
from app.workbook.checks.series import balances, hundreds, sequences
from app.workbook.checks.totals import totals
from app.workbook.checks.writing import repaired
from app.workbook.values import Typed

Change = tuple[Position, Decimal]
"""A cell and the value that it would get."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The one change of one cell that mends most broken relations."""

    position: Position
    value: Decimal
    mends: int
    """How many broken relations."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A relation with what would mend it where it does not hold."""

    relation: Relation
    repair: Repair | None = None
    """None: it holds, or no single misread character explains the difference."""


def find_checks(table: Table, typed: Typed) -> list[Finding]:
    """Every relation found, broken ones first. Nothing is changed."""
    amounts = amounts_of(table, typed)
    relations = _relations(table, amounts)
    broken = [relation for relation in relations if relation.remedies]
    repairs = _repairs(broken, amounts, cell_at(table))
    return [
        *(Finding(relation, repairs.get(id(relation))) for relation in broken),
        *(Finding(relation) for relation in relations if not relation.remedies),
    ]


def _relations(table: Table, amounts: Amounts) -> list[Relation]:
    columns: list[dict[int, Amount]] = [{} for _ in range(table.cols)]
    for (row, col), amount in amounts.items():
        columns[col][row] = amount
    added = totals(axes_of(table, amounts))
    summed = frozenset(col for relation in added for _, col in (relation.result, *relation.terms))
    items = _without_results(columns, added)
    told = [
        *added,
        *(r for r in formulas(items) if not r.remedies or explained(r, amounts)),
        *balances(columns),
        *hundreds(columns, summed),
        *(relation for relation in sequences(columns) if relation.remedies),
    ]
    return _distinct(told)


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
        cells = frozenset((relation.result, *relation.terms))
        if cells not in seen:
            seen.add(cells)
            kept.append(relation)
    return kept


def _repairs(
    broken: Sequence[Relation], amounts: Amounts, cells: Mapping[Position, Cell]
) -> dict[int, Repair]:
    """For each broken relation, by its ``id``, the change that mends most of them; then one that text
    recognition held possible; then that of the least sure cell; none where two are as likely."""
    possible = {id(relation): _possible(relation, amounts) for relation in broken}
    votes = Counter(change for changes in possible.values() for change in changes)
    chosen: dict[int, Repair] = {}
    for relation in broken:
        ranked = sorted(possible[id(relation)], key=lambda change: _rank(change, votes, cells), reverse=True)
        ranks = [_rank(change, votes, cells) for change in ranked[:2]]
        if ranked and (len(ranks) == 1 or ranks[0] > ranks[1]):
            chosen[id(relation)] = Repair(*ranked[0], mends=votes[ranked[0]])
    return chosen


def _possible(relation: Relation, amounts: Amounts) -> set[Change]:
    found: set[Change] = set()
    for remedy in relation.remedies:
        amount = amounts.get(remedy.position)
        value = misread_from(amount, remedy.value, remedy.slack) if amount else None
        if value is not None:
            found.add((remedy.position, value))
    return found


def _rank(
    change: Change,
    votes: Mapping[Change, int],
    cells: Mapping[Position, Cell],
) -> tuple[int, bool, float]:
    cell = cells[change[0]]
    readable = repaired(clean(cell.text), change[1]) in map(clean, cell.alternatives)
    return votes[change], readable, -(1.0 if cell.confidence is None else cell.confidence)
