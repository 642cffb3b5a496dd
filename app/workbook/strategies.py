"""The three ways to lay the tables of a batch into workbooks.

A table's sheet holds the table alone, from A1 on, so that it can be sorted, filtered and read by programs.
Titles, notes and origins stand in the Summary sheet at the end, and in the head of the printed page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.tables.grid import Cell, Table
from app.tables.text import one_line
from app.workbook.checks.find import Finding, find_checks
from app.workbook.checks.told import notes
from app.workbook.checks_sheet import CheckedTable, checks_sheet
from app.workbook.format_budget import FormatBudget
from app.workbook.plan import CellRole, PlannedCell, PlannedSheet, SourceTables, WorkbookPlan
from app.workbook.sheet_names import numbered, sheet_names, stem
from app.workbook.sheets import freeze_rows, line, planned_cells, rows_used, texts
from app.workbook.summary import SummaryLine, summary_sheet
from app.workbook.values import Typed, as_text, type_tables
from app.workbook.verdicts import verdict_notes


@dataclass(frozen=True, slots=True)
class _Placed:
    """A table with its origin, its types and what checks found."""

    source: SourceTables
    table: Table
    number: int
    """From 1 within its image."""
    page: int
    last_page: int
    typed: Typed
    findings: tuple[Finding, ...]

    def cells(self, first_row: int) -> list[PlannedCell]:
        """The table's cells from this row of a sheet on."""
        return planned_cells(self.table, self.typed, first_row=first_row, warnings=self.warnings)

    @property
    def warnings(self) -> dict[tuple[int, int], str]:
        """By cell, what speaks against its value."""
        found, verdicts = notes(self.table, self.findings), verdict_notes(self.table)
        places = {**found, **verdicts}
        return {place: "\n".join(filter(None, (verdicts.get(place), found.get(place)))) for place in places}


def consolidated(images: Sequence[SourceTables]) -> WorkbookPlan:
    """One workbook, a sheet for each table."""
    placed = _place(images)
    names = sheet_names(_wanted(item) for item in placed)
    sheets = [
        PlannedSheet(
            name,
            tuple(item.cells(0)),
            freeze_rows(item.table),
            item.source.filename,
            one_line(item.table.title),
        )
        for name, item in zip(names, placed, strict=True)
    ]
    return WorkbookPlan((*sheets, *_about(images, placed, names, [0] * len(placed))), _title(images))


def separate(images: Sequence[SourceTables]) -> list[WorkbookPlan]:
    """A workbook for each image, a sheet for each of its tables."""
    return [consolidated([image]) for image in images]


def concatenated(images: Sequence[SourceTables]) -> WorkbookPlan:
    """One sheet. Tables with the same header continue one another, with a column that names their source;
    others stand below one another, each under a line that names its source."""
    placed = _place(images)
    name = sheet_names(["Tables"])[0]
    cells, first_rows, frozen = _stacked(placed) if _continue_one_another(placed) else _listed(placed)
    sheet = PlannedSheet(name, tuple(cells), frozen)
    about = _about(images, placed, [name] * len(placed), first_rows)
    return WorkbookPlan((sheet, *about), _title(images))


def _place(images: Sequence[SourceTables]) -> list[_Placed]:
    budget = FormatBudget()
    return [
        _Placed(
            image,
            table,
            number,
            page,
            last_page,
            budget.admit(typed, texts(table)),
            tuple(find_checks(table, typed)),
        )
        for image in images
        for number, (table, (page, last_page), typed) in enumerate(
            zip(image.tables, _pages(image), type_tables(image.tables), strict=True), 1
        )
    ]


def _pages(image: SourceTables) -> list[tuple[int, int]]:
    """First and last page of each table."""
    pages = image.pages or (1,) * len(image.tables)
    return list(zip(pages, image.last_pages or pages, strict=True))


def _wanted(item: _Placed) -> str:
    name = stem(item.source.filename)
    return numbered(name, item.number) if len(item.source.tables) > 1 else name


def _title(images: Sequence[SourceTables]) -> str:
    return ", ".join(one_line(image.filename) for image in images)[:255]


def _about(
    images: Sequence[SourceTables], placed: Sequence[_Placed], names: Sequence[str], first_rows: Sequence[int]
) -> list[PlannedSheet]:
    """The sheets about the tables: Checks, where there are any, and Summary."""
    checked = [
        CheckedTable(name, item.table, item.findings, first_row)
        for item, name, first_row in zip(placed, names, first_rows, strict=True)
    ]
    checks = checks_sheet(checked)
    return [*([checks] if checks else []), _summary(images, placed, names)]


def _summary(images: Sequence[SourceTables], placed: Iterable[_Placed], names: Sequence[str]) -> PlannedSheet:
    lines = [
        SummaryLine(name, item.source.filename, item.page, item.last_page, item.table, item.source.engine)
        for name, item in zip(names, placed, strict=True)
    ]
    return summary_sheet(lines, [(image.filename, image.warnings) for image in images])


def _continue_one_another(placed: Sequence[_Placed]) -> bool:
    headed = all(freeze_rows(item.table) for item in placed)
    return headed and len(placed) > 1 and len({_header(item.table) for item in placed}) == 1


def _header(table: Table) -> tuple[object, ...]:
    """What must be equal for one table to continue another."""
    cells = (cell for cell in table.cells if cell.row < table.header_rows)
    return (
        table.cols,
        table.header_rows,
        *((c.row, c.col, c.row_span, c.col_span, one_line(c.text).casefold()) for c in cells),
    )


def _stacked(placed: Sequence[_Placed]) -> tuple[list[PlannedCell], list[int], int]:
    """The cells, where each table's first row would stand, and the rows to freeze."""
    cells: list[PlannedCell] = []
    first_rows: list[int] = []
    for item in placed:
        table, typed = _with_source(item)
        shift = rows_used(cells) - table.header_rows if cells else 0
        block = planned_cells(table, typed, first_row=shift, warnings=item.warnings)
        cells += [cell for cell in block if not first_rows or cell.row >= shift + table.header_rows]
        first_rows.append(shift)
    return cells, first_rows, freeze_rows(placed[0].table)


def _with_source(item: _Placed) -> tuple[Table, Typed]:
    """The table with one more column that names its source in each row."""
    table, name = item.table, item.source.filename
    head = Cell(0, table.cols, "Source", row_span=table.header_rows)
    column = [Cell(row, table.cols, name) for row in range(table.header_rows, table.rows)]
    wider = Table(table.rows, table.cols + 1, (*table.cells, head, *column), table.header_rows)
    return wider, item.typed | {
        (cell.row, cell.col): as_text(one_line(cell.text)) for cell in (head, *column)
    }


def _listed(placed: Sequence[_Placed]) -> tuple[list[PlannedCell], list[int], int]:
    if len(placed) == 1:
        return placed[0].cells(0), [0], freeze_rows(placed[0].table)
    cells: list[PlannedCell] = []
    first_rows: list[int] = []
    for item in placed:
        row = rows_used(cells) + (1 if cells else 0)
        cells.append(line(row, _origin(item), CellRole.TITLE))
        first_rows.append(row + 1)
        cells += item.cells(row + 1)
        for note in item.table.notes:
            cells.append(line(rows_used(cells), one_line(note), CellRole.NOTE))
    return cells, first_rows, 0


def _origin(item: _Placed) -> str:
    parts = [item.source.filename, f"page {item.page}" if item.page > 1 else "", item.table.title]
    return " · ".join(one_line(part) for part in parts if part)
