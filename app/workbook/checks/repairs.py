"""The smallest change that mends broken relations: of one cell, by one misread character or to a reading that
text recognition held possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.tables.grid import Cell
from app.tables.text import clean
from app.workbook.checks.amounts import Amounts, Position, built_alike
from app.workbook.checks.misreadings import exchanged_within, misread_from
from app.workbook.checks.relation import Relation, Remedy
from app.workbook.checks.writing import repaired


@dataclass(frozen=True, slots=True)
class Change:
    """A cell and how it may have to be read instead."""

    position: Position
    text: str
    """Written as the cell's text is."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The one change of one cell that mends most broken relations."""

    position: Position
    text: str
    """What would stand there."""
    mends: int
    """How many broken relations."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A relation with what would mend it where it does not hold."""

    relation: Relation
    repair: Repair | None = None
    """None: it holds, or it is not known which cell to change."""
    suspects: tuple[Position, ...] = ()
    """Without a repair: the cells of which one misread character would explain it."""


def judged(
    broken: Sequence[Relation],
    amounts: Amounts,
    cells: Mapping[Position, Cell],
    known: Mapping[Position, Sequence[str]],
) -> Iterator[Finding]:
    """Each broken relation with the change that mends most of them; then one that text recognition held
    possible; then that of the least sure cell; none where two are as likely. ``known``: what cells that hold
    no amount may have been."""
    possible = [_possible(relation, amounts, cells, known) for relation in broken]
    votes = Counter(change for changes in possible for change in changes)
    for relation, changes in zip(broken, possible, strict=True):
        ranked = sorted(changes, key=lambda change: _rank(change, votes, cells), reverse=True)
        ranks = [_rank(change, votes, cells) for change in ranked[:2]]
        if ranked and (len(ranks) == 1 or ranks[0] > ranks[1]):
            yield Finding(relation, Repair(ranked[0].position, ranked[0].text, votes[ranked[0]]))
        else:
            yield Finding(relation, suspects=tuple(sorted({change.position for change in changes})))


def _possible(
    relation: Relation,
    amounts: Amounts,
    cells: Mapping[Position, Cell],
    known: Mapping[Position, Sequence[str]],
) -> set[Change]:
    found: set[Change] = set()
    for remedy in relation.remedies:
        place = remedy.position
        raw = clean(cells[place].text)
        found |= {Change(place, repaired(raw, value)) for value in _values(remedy, amounts)}
        found |= {Change(place, text) for text in known.get(place, ())}
        found |= {Change(place, text) for text in _read_otherwise(remedy, amounts, cells[place])}
    return found


def _values(remedy: Remedy, amounts: Amounts) -> Iterable[Decimal]:
    amount = amounts.get(remedy.position)
    if amount is None:
        return ()
    if remedy.is_range:
        return exchanged_within(amount, *remedy.bounds)
    value = misread_from(amount, remedy.value, remedy.slack)
    return () if value is None else (value,)


def _read_otherwise(remedy: Remedy, amounts: Amounts, cell: Cell) -> Iterator[str]:
    """Other readings of the cell that would do."""
    amount, (least, most) = amounts.get(remedy.position), remedy.bounds
    for text in map(clean, cell.alternatives):
        other = built_alike(text, amount.places) if amount else None
        if other is not None and least <= other.value <= most:
            yield text


def _rank(
    change: Change, votes: Mapping[Change, int], cells: Mapping[Position, Cell]
) -> tuple[int, bool, float]:
    cell = cells[change.position]
    readable = change.text in map(clean, cell.alternatives)
    return votes[change], readable, -(1.0 if cell.confidence is None else cell.confidence)
