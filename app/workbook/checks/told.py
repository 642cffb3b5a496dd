"""What a reader is told about checks: a sentence at each cell that may be wrong, a line for each check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.tables.grid import Cell
from app.tables.text import clean
from app.workbook.checks.amounts import Position
from app.workbook.checks.relation import Kind, Relation
from app.workbook.checks.repairs import Finding
from app.workbook.checks.writing import plain, repaired
from app.workbook.placement import cell_name

_NAMES = {
    Kind.SUM: "the sum",
    Kind.DIFFERENCE: "the difference",
    Kind.MEAN: "the mean",
    Kind.PRODUCT: "the product",
    Kind.SHARE: "the share",
    Kind.CHANGE: "the change",
    Kind.BALANCE: "the balance",
    Kind.HUNDRED: "adding up to 100",
    Kind.SEQUENCE: "the sequence",
    Kind.PART: "the part",
    Kind.PORTION: "the share of the total",
    Kind.DATES: "the date",
}
_MOST_SUSPECTS = 8


@dataclass(frozen=True, slots=True)
class Check:
    """Relations of one kind between the same rows or columns, told in one line."""

    kind: Kind
    result: tuple[Position, Position]
    """First and last cell of the results."""
    terms: tuple[tuple[Position, Position], ...]
    """First and last cell of each run of terms, of the first relation."""
    held: int
    broken: Finding | None
    """A broken relation stands alone in its line."""


def checks(findings: Sequence[Finding]) -> list[Check]:
    """Broken relations one by one, then those that hold, put together along rows or columns."""
    broken = [_check([finding.relation], finding) for finding in findings if finding.relation.remedies]
    groups: dict[tuple[object, ...], list[Relation]] = {}
    for finding in findings:
        if not finding.relation.remedies:
            groups.setdefault(_line_of(finding.relation), []).append(finding.relation)
    return broken + [_check(relations, None) for relations in groups.values()]


def notes(cells: Mapping[Position, Cell], findings: Iterable[Finding]) -> dict[Position, str]:
    """For each cell under suspicion what does not hold and what would mend it: the cell to repair where it is
    known, else the result."""
    told: dict[Position, list[str]] = {}
    for finding in findings:
        if finding.relation.remedies:
            place = finding.repair.position if finding.repair else finding.relation.result
            told.setdefault(place, []).append(sentence(finding, cells))
    return {place: "\n".join(dict.fromkeys(sentences)) for place, sentences in told.items()}


def sentence(finding: Finding, cells: Mapping[Position, Cell]) -> str:
    """What does not hold, with the repair where there is one."""
    relation = finding.relation
    said, wanted = said_and_wanted(relation, cells)
    text = f"A check fails here: {_NAMES[relation.kind]} would be {wanted}, the image says {said}."
    return f"{text} {suggestion(finding, cells)}" if finding.repair else text


def said_and_wanted(relation: Relation, cells: Mapping[Position, Cell]) -> tuple[str, str]:
    """What the image says at the result, and what the terms make, written alike."""
    raw = clean(cells[relation.result].text)
    if relation.kind is Kind.DATES:
        around = (clean(cells[place].text) for place in relation.terms)
        return raw, f"near {' and '.join(around)}"
    if relation.kind is Kind.HUNDRED:
        return plain(relation.stated), plain(relation.expected)
    limit = "at most " if relation.kind is Kind.PART else ""
    return raw, limit + repaired(raw, relation.expected.quantize(relation.stated))


def suggestion(finding: Finding, cells: Mapping[Position, Cell]) -> str:
    """In words what would mend a broken relation."""
    if finding.repair:
        raw = clean(cells[finding.repair.position].text)
        return f"It would hold with {finding.repair.text} instead of {raw}. Nothing was changed."
    names = [cell_name(place) for place in finding.suspects[:_MOST_SUSPECTS]]
    if not names:
        return "No single character explains it."
    last = "another" if len(finding.suspects) > _MOST_SUSPECTS else names.pop()
    places = f"{', '.join(names)} or {last}" if names else last
    return f"One misread character would explain it, in {places}."


def _line_of(relation: Relation) -> tuple[object, ...]:
    """What relations of one line have in common."""
    (row, col), terms = relation.result, relation.terms
    if all(term_col == col for _, term_col in terms):
        return relation.kind, "down", row, tuple(term_row for term_row, _ in terms)
    if all(term_row == row for term_row, _ in terms):
        return relation.kind, "across", col, tuple(term_col for _, term_col in terms)
    return relation.kind, "balance", col


def _check(relations: Sequence[Relation], broken: Finding | None) -> Check:
    ordered = sorted(relations, key=lambda relation: relation.result)
    return Check(
        ordered[0].kind,
        (ordered[0].result, ordered[-1].result),
        tuple(runs(sorted(ordered[0].terms))),
        len(relations) if broken is None else 0,
        broken,
    )


def runs(places: Iterable[Position]) -> list[tuple[Position, Position]]:
    """First and last of each run of neighbouring cells down a column or across a row, in their order."""
    found: list[tuple[Position, Position]] = []
    for row, col in places:
        (first, last) = found[-1] if found else ((-2, -2), (-2, -2))
        down = (row, col) == (last[0] + 1, col) and first[1] == col == last[1]
        across = (row, col) == (row, last[1] + 1) and first[0] == row == last[0]
        if down or across:
            found[-1] = (first, (row, col))
        else:
            found.append(((row, col), (row, col)))
    return found
