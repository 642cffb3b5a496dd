"""A table where it stands in a workbook, with its types and with what checks found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.tables.grid import Cell
from app.workbook.checks.amounts import Position
from app.workbook.checks.repairs import Finding
from app.workbook.origin import Origin
from app.workbook.placement import Placement
from app.workbook.values import TypedValue


class ShownCell(NamedTuple):
    """A cell as it was read and as it stands in its sheet."""

    place: Position
    """In the sheet."""
    cell: Cell
    typed: TypedValue


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table in its sheet."""

    origin: Origin
    placement: Placement
    shown: tuple[ShownCell, ...]
    """Without the header rows that another table shows in its place."""
    findings: tuple[Finding, ...]
    """Their positions are those of the sheet."""

    @property
    def first_place(self) -> Position:
        """The beginning of its first row."""
        return self.shown[0].place[0], 0

    def cells(self) -> dict[Position, Cell]:
        """By the place in the sheet."""
        return {shown.place: shown.cell for shown in self.shown}


def shown_cells(
    origin: Origin, placement: Placement, typed: Mapping[Position, TypedValue], skipped: int
) -> Iterator[ShownCell]:
    """The cells below the ``skipped`` rows."""
    for cell in origin.table.cells:
        if cell.row >= skipped:
            first = cell.row, cell.col
            place = placement.at(first)
            if cell.col_span > 1:
                place = min(place, placement.at((cell.row, cell.col + cell.col_span - 1)))
            yield ShownCell(place, cell, typed[first])


def moved(finding: Finding, placement: Placement) -> Finding:
    """The finding with positions in the sheet."""
    relation, repair = finding.relation, finding.repair
    return Finding(
        replace(
            relation,
            result=placement.at(relation.result),
            terms=tuple(map(placement.at, relation.terms)),
            remedies=tuple(replace(r, position=placement.at(r.position)) for r in relation.remedies),
        ),
        repair and replace(repair, position=placement.at(repair.position)),
        tuple(map(placement.at, finding.suspects)),
    )
