"""A table as the cells of a worksheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.tables.grid import Cell, Table
from app.tables.text import one_line
from app.workbook.plan import CellRole, PlannedCell
from app.workbook.typed_value import note_of_long, pieces
from app.workbook.values import Typed, TypedValue, as_text

_SHORT = 12
"""Characters of a remark such as ``n/a`` or ``–`` that stands among numbers as if it were one."""


def planned_cells(table: Table, typed: Typed, *, first_row: int = 0) -> list[PlannedCell]:
    """The table's cells with its top left corner in column 0 of ``first_row``."""
    numeric = _numeric_columns(table, typed)
    return [_planned(cell, typed[cell.row, cell.col], table, numeric, first_row) for cell in table.cells]


def freeze_rows(table: Table) -> int:
    """The header rows, when something is below them and no cell reaches across their end."""
    crossing = any(cell.row < table.header_rows < cell.row + cell.row_span for cell in table.cells)
    return 0 if crossing or table.header_rows == table.rows else table.header_rows


def lines(row: int, texts: Iterable[str], role: CellRole) -> list[PlannedCell]:
    """Lines of text that stand alone in column 0, from ``row`` on; one too long for a cell takes several."""
    parts = [piece for text in texts for piece in pieces(one_line(text))]
    return [PlannedCell(row + i, 0, part, part, role=role) for i, part in enumerate(parts)]


def text_cell(
    row: int, col: int, text: str, role: CellRole = CellRole.BODY, *, link: str = ""
) -> PlannedCell:
    """A text in a sheet that is about the tables."""
    typed = as_text(text)
    return PlannedCell(row, col, typed.value, text, typed.number_format, role=role, link=link)


def number_cell(row: int, col: int, number: float, number_format: str) -> PlannedCell:
    """A number in a sheet that is about the tables."""
    return PlannedCell(row, col, number, str(number), number_format, align="right")


def header_cells(names: Sequence[str]) -> list[PlannedCell]:
    """The first row of a sheet that is about the tables."""
    return [text_cell(0, col, name, CellRole.HEADER) for col, name in enumerate(names)]


def rows_used(cells: Iterable[PlannedCell]) -> int:
    """The first free row below the cells."""
    return max((cell.row + cell.row_span for cell in cells), default=0)


def _planned(cell: Cell, value: TypedValue, table: Table, numeric: set[int], first_row: int) -> PlannedCell:
    header = cell.row < table.header_rows
    align = cell.align or _align(cell, value, header=header, numeric=cell.col in numeric)
    return PlannedCell(
        cell.row + first_row,
        cell.col,
        value.value,
        value.raw,
        value.number_format,
        cell.row_span,
        cell.col_span,
        CellRole.HEADER if header else CellRole.BODY,
        align,
        0 if header or align != "left" else cell.indent,
        cell.look,
        note=value.note or note_of_long(value.raw),
    )


def _numeric_columns(table: Table, typed: Typed) -> set[int]:
    """The columns of which most filled body cells are numbers or dates."""
    balance = [0] * table.cols
    for cell in table.cells:
        if cell.row >= table.header_rows and cell.col_span == 1:
            value = typed[cell.row, cell.col].value
            if value is not None:
                balance[cell.col] += -1 if isinstance(value, str) else 1
    return {col for col, more in enumerate(balance) if more > 0}


def _align(cell: Cell, value: TypedValue, *, header: bool, numeric: bool) -> str:
    """Where the engine does not tell."""
    if cell.col_span > 1:
        return "center" if header else "left"
    if not value.is_text:
        return "right"
    remark = header or (len(cell.text) <= _SHORT and not any(char.isalpha() for char in cell.text[3:]))
    return "right" if numeric and remark else "left"
