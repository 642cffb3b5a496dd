"""The Checks sheet: every relation between numbers that was found, the broken ones first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.tables.grid import Cell
from app.workbook.checks.amounts import Position
from app.workbook.checks.told import Check, checks, said_and_wanted, suggestion
from app.workbook.placed import PlacedTable
from app.workbook.placement import address, cell_name, range_name
from app.workbook.plan import PlannedSheet
from app.workbook.sheets import header_cells, text_cell

NAME = "Checks"
_COLUMNS = ("Sheet", "Check", "Result", "From", "In the image", "Computed", "Verdict", "What would mend it")
_RESULT = _COLUMNS.index("Result")
_MOST_LINES = 2000
"""Of one table; a reader gets no further."""


def checks_sheet(tables: Sequence[PlacedTable]) -> PlannedSheet | None:
    """A line for each check; None where no relation was found in any table."""
    lines = [line for table in tables for line in _lines(table)]
    if not lines:
        return None
    lines.sort(key=lambda line: line.holds)
    cells = header_cells(_COLUMNS)
    for row, line in enumerate(lines, 1):
        cells += [
            text_cell(row, col, text, link=line.link if col == _RESULT else "")
            for col, text in enumerate(line.texts)
        ]
    return PlannedSheet(NAME, tuple(cells), freeze_rows=1)


@dataclass(frozen=True, slots=True)
class _Line:
    texts: tuple[str, ...]
    link: str
    holds: bool


def _lines(table: PlacedTable) -> Iterator[_Line]:
    cells, sheet = table.cells(), table.placement.sheet
    for check in checks(table.findings)[:_MOST_LINES]:
        terms = ", ".join(range_name(*run) for run in check.terms)
        about = (sheet, check.kind.value, range_name(*check.result), terms)
        yield _Line(
            (*about, *_verdict(check, cells)), address(sheet, check.result[0]), holds=check.broken is None
        )


def _verdict(check: Check, cells: Mapping[Position, Cell]) -> tuple[str, ...]:
    if check.broken is None:
        return "", "", "holds", ""
    repair = check.broken.repair
    place = f"{cell_name(repair.position)}: " if repair else ""
    said, wanted = said_and_wanted(check.broken.relation, cells)
    return said, wanted, "does not hold", place + suggestion(check.broken, cells)
