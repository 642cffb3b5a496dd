"""The three ways to lay the tables of a batch into workbooks.

A table's sheet holds one table, under its title and above its notes or, for programs, alone from A1 on (see
docs/adr/0016). Titles, notes and origins stand in the Summary sheet at the end too.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.tables.text import one_line
from app.workbook.about import about_sheets
from app.workbook.blocks import Block, Place, block_at
from app.workbook.format_budget import FormatBudget
from app.workbook.options import WorkbookOptions
from app.workbook.origin import Origin, origins
from app.workbook.plan import CellRole, PlannedCell, PlannedSheet, SourceTables, WorkbookPlan
from app.workbook.sheet_names import numbered, sheet_names, stem
from app.workbook.sheets import freeze_rows, lines
from app.workbook.stacking import Stack, alone, stacked
from app.workbook.values import Typed, type_tables

DEFAULT = WorkbookOptions()
_APART = (
    "The tables do not all have the same columns: {} tables stand below one another, "
    "each under a line that names its source."
)


def consolidated(images: Sequence[SourceTables], options: WorkbookOptions = DEFAULT) -> WorkbookPlan:
    """One workbook, a sheet for each table."""
    found = origins(images)
    names = sheet_names(map(_wanted, found))
    places = [_alone(alone(origin), name, options) for origin, name in zip(found, names, strict=True)]
    blocks = _blocks(images, places, options)
    return _workbook(images, blocks, [_sheet(block, options) for block in blocks], options)


def separate(images: Sequence[SourceTables], options: WorkbookOptions = DEFAULT) -> list[WorkbookPlan]:
    """A workbook for each image, a sheet for each of its tables."""
    return [consolidated([image], options) for image in images]


def concatenated(images: Sequence[SourceTables], options: WorkbookOptions = DEFAULT) -> WorkbookPlan:
    """One sheet. Tables with the same columns continue one another, with a column that names their source;
    others stand below one another, each under a line that names its source."""
    stacks = stacked(origins(images))
    name = sheet_names(["Tables"])[0]
    if len(stacks) == 1:
        blocks = _blocks(images, [_alone(stacks[0], name, options)], options)
        return _workbook(images, blocks, [_sheet(block, options) for block in blocks], options)
    places: list[Place] = []
    row = 1
    for stack in stacks:
        places.append(Place(stack, name, row))
        row += stack.table.rows + len(_notes(stack, 0)) + 2
    blocks = _blocks(images, places, options)
    return _workbook(images, blocks, [_list(name, blocks)], options, [_APART.format(len(stacks))])


def _wanted(origin: Origin) -> str:
    name = stem(origin.source.filename)
    return numbered(name, origin.index + 1) if len(origin.source.tables) > 1 else name


def _blocks(images: Sequence[SourceTables], places: Sequence[Place], options: WorkbookOptions) -> list[Block]:
    types = _types(images)
    return [block_at(place, types, options) for place in places]


def _types(images: Sequence[SourceTables]) -> list[Typed]:
    budget = FormatBudget()
    return [budget.admit(typed) for image in images for typed in type_tables(image.tables)]


def _alone(stack: Stack, name: str, options: WorkbookOptions) -> Place:
    """In a sheet of its own, below its title and an empty row."""
    title = _title(stack) if options.title_and_notes else []
    return Place(stack, name, len(title) + 1 if title else 0)


def _sheet(block: Block, options: WorkbookOptions) -> PlannedSheet:
    """A block alone; empty rows part it from its title and its notes, so that it is sorted without them."""
    place, stack = block.place, block.place.stack
    around = []
    if options.title_and_notes:
        around = [*_title(stack), *_notes(stack, place.first_row + stack.table.rows + 1)]
    return PlannedSheet(
        place.sheet,
        (*around, *block.cells),
        freeze_rows(stack.table),
        place.first_row,
        stack.source,
        one_line(stack.table.title),
    )


def _title(stack: Stack) -> list[PlannedCell]:
    return lines(0, [stack.table.title], CellRole.TITLE)


def _notes(stack: Stack, row: int) -> list[PlannedCell]:
    return lines(row, stack.table.notes, CellRole.NOTE)


def _list(name: str, blocks: Sequence[Block]) -> PlannedSheet:
    """Blocks below one another, each between its source and its notes."""
    cells: list[PlannedCell] = []
    for block in blocks:
        row, stack = block.place.first_row, block.place.stack
        cells += lines(row - 1, [stack.line], CellRole.TITLE)[:1]
        cells += block.cells
        cells += _notes(stack, row + stack.table.rows)
    return PlannedSheet(name, tuple(cells))


def _workbook(
    images: Sequence[SourceTables],
    blocks: Sequence[Block],
    sheets: Sequence[PlannedSheet],
    options: WorkbookOptions,
    remarks: Sequence[str] = (),
) -> WorkbookPlan:
    tables = [table for block in blocks for table in block.tables]
    found = [doubt for block in blocks for doubt in block.doubts]
    title = ", ".join(one_line(image.filename) for image in images)[:255]
    return WorkbookPlan((*sheets, *about_sheets(tables, images, found, remarks, options)), title)
