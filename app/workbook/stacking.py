"""Tables with the same columns as one table, with a column that names where each row comes from.

Columns are the same by the text of their header cells, wherever they stand. What was stacked can be told
apart again by its members; the tables themselves are not changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.tables.grid import Cell, Table
from app.tables.text import one_line
from app.workbook.origin import Origin
from app.workbook.plan import SourceTables

SOURCE = "Source"
"""The header of the column that names where a row comes from."""
Key = tuple[str, ...]
"""The texts of a column's header cells from top to bottom, each once."""


@dataclass(frozen=True, slots=True)
class Member:
    """A table within a stack."""

    origin: Origin
    first_row: int = 0
    """The stack's row of the table's first, which is left out where it is skipped."""
    columns: tuple[int, ...] = ()
    """The stack's column of each of the table's; empty: the same."""
    skipped: int = 0
    """Header rows of the table for which those of the first member stand."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One table, or several as one."""

    table: Table
    members: tuple[Member, ...]

    @property
    def first(self) -> SourceTables:
        """The image that its first row comes from."""
        return self.members[0].origin.source

    @property
    def source(self) -> str:
        """The filenames, each once."""
        names = (one_line(member.origin.source.filename) for member in self.members)
        return ", ".join(dict.fromkeys(names))

    @property
    def line(self) -> str:
        """Where it comes from, in words."""
        if len(self.members) == 1:
            return self.members[0].origin.line
        return " · ".join(part for part in (self.source, one_line(self.table.title)) if part)


def alone(origin: Origin) -> Stack:
    """A table as it is."""
    return Stack(origin.table, (Member(origin),))


def stacked(origins: Sequence[Origin]) -> list[Stack]:
    """Tables with the same columns as one; in the order of the first of each."""
    groups: dict[object, list[Origin]] = {}
    for number, origin in enumerate(origins):
        keys = column_keys(origin.table)
        same = frozenset(Counter(keys).items()) if _can_be_stacked(origin.table, keys) else number
        groups.setdefault(same, []).append(origin)
    return [stack for group in groups.values() for stack in _stacks(group)]


def column_keys(table: Table) -> list[Key]:
    """What names each column."""
    header = table.dense()[: table.header_rows]
    return [
        tuple(dict.fromkeys(text for row in header if (text := one_line(row[col].text).casefold())))
        for col in range(table.cols)
    ]


def _can_be_stacked(table: Table, keys: Sequence[Key]) -> bool:
    """With named columns, something below them, and no cell that reaches across the header's end."""
    crossing = any(cell.row < table.header_rows < cell.row + cell.row_span for cell in table.cells)
    return any(keys) and table.header_rows < table.rows and not crossing


def _stacks(group: Sequence[Origin]) -> list[Stack]:
    """One stack of all whose spanning cells stay whole in it, and the others alone."""
    first, *others = group
    orders = [(origin, _order(origin.table, first.table)) for origin in others]
    fitting = [(origin, order) for origin, order in orders if _keeps_spans(origin.table, order)]
    apart = [alone(origin) for origin, order in orders if not _keeps_spans(origin.table, order)]
    return [_stack(first, fitting) if fitting else alone(first), *apart]


def _order(table: Table, first: Table) -> tuple[int, ...]:
    """For each column the one of ``first`` with the same name; of several the one at the same turn."""
    places: dict[Key, list[int]] = {}
    for col, key in enumerate(column_keys(first)):
        places.setdefault(key, []).append(col)
    return tuple(places[key].pop(0) for key in column_keys(table))


def _keeps_spans(table: Table, order: Sequence[int]) -> bool:
    """Whether the columns that a cell spans still stand side by side."""
    bodies = (cell for cell in table.cells if cell.row >= table.header_rows and cell.col_span > 1)
    spans = (order[cell.col : cell.col + cell.col_span] for cell in bodies)
    return all(max(span) - min(span) + 1 == len(span) for span in spans)


def _stack(first: Origin, others: Sequence[tuple[Origin, tuple[int, ...]]]) -> Stack:
    members = [Member(first)]
    rows = first.table.rows
    for origin, order in others:
        members.append(Member(origin, rows - origin.table.header_rows, order, origin.table.header_rows))
        rows += origin.table.rows - origin.table.header_rows
    cells = [cell for member in members for cell in _cells(member, first.table.cols)]
    cells.append(Cell(0, first.table.cols, SOURCE, row_span=first.table.header_rows))
    titles = {one_line(member.origin.table.title) for member in members}
    notes = dict.fromkeys(note for member in members for note in member.origin.table.notes)
    return Stack(
        Table(
            rows,
            first.table.cols + 1,
            tuple(cells),
            first.table.header_rows,
            titles.pop() if len(titles) == 1 else "",
            tuple(notes),
        ),
        tuple(members),
    )


def _cells(member: Member, source_col: int) -> list[Cell]:
    """The member's cells where they stand in the stack, and its name beside each of its rows."""
    table, columns = member.origin.table, member.columns
    cells: list[Cell] = []
    for cell in table.cells:
        if cell.row >= member.skipped:
            col = min(columns[cell.col : cell.col + cell.col_span]) if columns else cell.col
            cells.append(replace(cell, row=cell.row + member.first_row, col=col))
    name = member.origin.source.filename
    body = range(member.first_row + table.header_rows, member.first_row + table.rows)
    return cells + [Cell(row, source_col, name) for row in body]
