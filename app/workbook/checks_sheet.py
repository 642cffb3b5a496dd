"""The Checks sheet: every relation between numbers that was found, the broken ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.tables.grid import Table
from app.workbook.checks.amounts import Position, cell_at
from app.workbook.checks.find import Finding
from app.workbook.checks.told import Check, checks, suggestion
from app.workbook.checks.writing import plain
from app.workbook.plan import CellRole, PlannedCell, PlannedSheet
from app.workbook.values import as_text

NAME = "Checks"
_COLUMNS = ("Sheet", "Check", "Result", "From", "In the image", "Computed", "Verdict", "What would mend it")
_MOST_LINES = 2000
"""Of one table; a reader gets no further."""


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """A table with its findings, and where its first row stands."""

    sheet: str
    table: Table
    findings: tuple[Finding, ...]
    first_row: int
    """Where the table's first row stands in the sheet, from 0."""


def checks_sheet(checked: Sequence[CheckedTable]) -> PlannedSheet | None:
    """A line for each check; None where no relation was found in any table."""
    lines = [line for item in checked for line in _lines(item)]
    if not lines:
        return None
    lines.sort(key=lambda line: line[6] == "holds")
    cells = [_text(0, col, name, CellRole.HEADER) for col, name in enumerate(_COLUMNS)]
    for row, line in enumerate(lines, 1):
        cells += [_text(row, col, value) for col, value in enumerate(line)]
    return PlannedSheet(NAME, tuple(cells), freeze_rows=1)


def _lines(item: CheckedTable) -> list[tuple[str, ...]]:
    cells = cell_at(item.table)
    found: list[tuple[str, ...]] = []
    for check in checks(item.findings)[:_MOST_LINES]:
        about = (item.sheet, check.kind.value, _range(check.result, item), _terms(check, item))
        if check.broken is None:
            found.append((*about, "", "", "holds", ""))
            continue
        relation, repair = check.broken.relation, check.broken.repair
        mend = suggestion(repair, cells) if repair else "No single character explains it."
        place = f"{_name(repair.position, item)}: " if repair else ""
        found.append(
            (*about, plain(relation.stated), plain(relation.expected), "does not hold", place + mend)
        )
    return found


def _terms(check: Check, item: CheckedTable) -> str:
    return ", ".join(_range(run, item) for run in check.terms)


def _range(run: tuple[Position, Position], item: CheckedTable) -> str:
    first, last = (_name(place, item) for place in run)
    return first if first == last else f"{first}:{last}"


def _name(place: Position, item: CheckedTable) -> str:
    """A1 for the sheet's first cell."""
    row, col = item.first_row + place[0], place[1]
    letters = ""
    while col >= 0:
        letters, col = chr(ord("A") + col % 26) + letters, col // 26 - 1
    return f"{letters}{row + 1}"


def _text(row: int, col: int, text: str, role: CellRole = CellRole.BODY) -> PlannedCell:
    typed = as_text(text)
    return PlannedCell(row, col, typed.value, text, typed.number_format, role=role)
