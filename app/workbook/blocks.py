"""Blocks of cells: a table, or several stacked as one, where it stands in its sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.tables.text import one_line
from app.workbook.checks.amounts import Position
from app.workbook.checks.find import find_checks
from app.workbook.doubt import Doubt, doubts
from app.workbook.live_totals import live_totals
from app.workbook.options import WorkbookOptions
from app.workbook.placed import PlacedTable, moved, shown_cells
from app.workbook.placement import Placement
from app.workbook.plan import PlannedCell
from app.workbook.sheets import planned_cells
from app.workbook.stacking import Stack
from app.workbook.values import Typed, as_text


@dataclass(frozen=True, slots=True)
class Place:
    """A stack and its first row in a sheet."""

    stack: Stack
    sheet: str
    first_row: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """What stands at a place."""

    place: Place
    tables: tuple[PlacedTable, ...]
    """One for each member of the stack."""
    doubts: tuple[Doubt, ...]
    cells: tuple[PlannedCell, ...]


def block_at(place: Place, types: Sequence[Typed], options: WorkbookOptions) -> Block:
    """``types``: of every table of the batch, by its number."""
    tables = tuple(_tables(place, types, options))
    found = tuple(doubt for table in tables for doubt in doubts(table))
    marks = {doubt.shown.place: doubt.note for doubt in found} if options.mark_doubtful else {}
    formulas: dict[Position, str] = {}
    for table in tables if options.live_totals else ():
        formulas |= live_totals(table)
    cells = planned_cells(place.stack.table, _typed(place, tables), first_row=place.first_row)
    return Block(place, tables, found, tuple(_with(cell, marks, formulas) for cell in cells))


def _tables(place: Place, types: Sequence[Typed], options: WorkbookOptions) -> Iterator[PlacedTable]:
    for member in place.stack.members:
        origin, typed = member.origin, types[member.origin.number]
        placement = Placement(place.sheet, place.first_row + member.first_row, member.columns)
        findings = find_checks(origin.table, typed) if options.checks else []
        yield PlacedTable(
            origin,
            placement,
            tuple(shown_cells(origin, placement, typed, member.skipped)),
            tuple(moved(finding, placement) for finding in findings),
        )


def _typed(place: Place, tables: Sequence[PlacedTable]) -> Typed:
    """The types of the stack's cells: the members' own, and text for what names their sources."""
    own = {
        (shown.place[0] - place.first_row, shown.place[1]): shown.typed
        for table in tables
        for shown in table.shown
    }
    added = (cell for cell in place.stack.table.cells if (cell.row, cell.col) not in own)
    return own | {(cell.row, cell.col): as_text(one_line(cell.text)) for cell in added}


def _with(cell: PlannedCell, marks: Mapping[Position, str], formulas: Mapping[Position, str]) -> PlannedCell:
    place = (cell.row, cell.col)
    if place not in marks and place not in formulas:
        return cell
    note = "\n".join(text for text in (cell.note, marks.get(place, "")) if text)
    return cell._replace(doubtful=place in marks, note=note, formula=formulas.get(place, ""))
