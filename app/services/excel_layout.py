"""Column widths and row heights by content. Widths are in widths of a digit, heights in points."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.workbook.checks.amounts import Position
from app.workbook.plan import CellRole, PlannedCell, PlannedSheet

NARROWEST = 6.0
WIDEST = 60.0
"""Longer lines wrap."""
WIDEST_SHARE = 16.0
"""A spanning cell widens each of its columns to this at most, then it wraps."""
LINE_HEIGHT = 15.0
HIGHEST = 409.0
"""Excel's limit."""
_FEWEST_FILTERED = 2
"""Rows below the header."""
_MARGIN = 1.6
_SHORT = 50
"""Characters that no column is too narrow for."""
_BOLD = 1.1
_STEP = 2.0
"""Of indentation."""

Widths = dict[int, float]
"""By column."""


def display_width(text: str) -> int:
    """The longest line in widths of a digit; Chinese, Japanese and Korean characters take two."""
    if "\n" not in text:
        return _line_width(text)
    return max((_line_width(line) for line in text.split("\n")), default=0)


@dataclass(frozen=True, slots=True)
class Layout:
    """The room that a sheet's cells need."""

    widths: Widths
    """Of each column: its longest line, and its share of what spans it."""
    lines: Mapping[Position, int]
    """Of the cells that need more than one, by their top left corners. Those wrap."""
    heights: Mapping[int, float]
    """Of the rows that need more than one line; a cell that spans rows uses all of them."""


def layout(cells: Iterable[PlannedCell]) -> Layout:
    """Looks closely only at cells with more than a short line of ASCII; most have no more."""
    longest: dict[int, int] = {}
    others: list[PlannedCell] = []
    for cell in cells:
        text, col = cell.raw, cell.col
        length = len(text)
        ordinary = cell.role is CellRole.BODY and cell.col_span == 1 and not cell.indent
        if not ordinary or length > _SHORT or not _is_plain(text):
            others.append(cell)
        elif length > longest.get(col, -1):
            longest[col] = length
    widths = {col: max(NARROWEST, length + _MARGIN) for col, length in longest.items()}
    others = [cell for cell in others if _stands_in_grid(cell)]
    for cell in (cell for cell in others if cell.col_span == 1):
        widths[cell.col] = max(widths.get(cell.col, NARROWEST), min(WIDEST, _needed(cell)))
    for cell in sorted((cell for cell in others if cell.col_span > 1), key=lambda cell: cell.col_span):
        _widen(widths, cell)
    lines = {(cell.row, cell.col): _lines(cell, widths) for cell in others if isinstance(cell.value, str)}
    wrapped = [cell for cell in others if lines.get((cell.row, cell.col), 1) > 1]
    lines = {(cell.row, cell.col): lines[cell.row, cell.col] for cell in wrapped}
    return Layout(widths, lines, _heights(sorted(wrapped, key=lambda cell: cell.row_span), lines))


def _is_plain(text: str) -> bool:
    return text.isascii() and "\n" not in text


def _widen(widths: Widths, cell: PlannedCell) -> None:
    """Gives the columns what the spanning cell lacks, up to a limit."""
    columns = range(cell.col, cell.col + cell.col_span)
    missing = _needed(cell) - sum(widths.get(col, NARROWEST) for col in columns)
    for col in columns:
        width = widths.get(col, NARROWEST)
        widths[col] = max(width, min(WIDEST_SHARE, width + max(0.0, missing / cell.col_span)))


def _heights(wrapped: Iterable[PlannedCell], lines: Mapping[Position, int]) -> dict[int, float]:
    """``wrapped``: the cells that span fewest rows first."""
    counts: dict[int, int] = {}
    for cell in wrapped:
        last = cell.row + cell.row_span - 1
        above = sum(counts.get(row, 1) for row in range(cell.row, last))
        counts[last] = max(counts.get(last, 1), lines[cell.row, cell.col] - above)
    return {row: min(HIGHEST, LINE_HEIGHT * count) for row, count in counts.items() if count > 1}


def filter_range(sheet: PlannedSheet) -> tuple[int, int, int, int] | None:
    """First row, first column, last row and last column of a plain table: one header row that names every
    column above two rows or more, and no spanning cell. A filter on anything else would tear it apart."""
    cells = [cell for cell in sheet.cells if _stands_in_grid(cell)]
    if sheet.freeze_rows != 1 or any(cell.row_span > 1 or cell.col_span > 1 for cell in cells):
        return None
    names = [cell.value for cell in cells if cell.row == sheet.first_row]
    rows = 1 + max(cell.row for cell in cells) - sheet.first_row
    if rows <= _FEWEST_FILTERED or not all(names) or len(cells) != len(names) * rows:
        return None
    return sheet.first_row, 0, sheet.first_row + rows - 1, len(names) - 1


def _stands_in_grid(cell: PlannedCell) -> bool:
    """Titles and notes run over the cells beside them instead."""
    return cell.role is CellRole.BODY or cell.role is CellRole.HEADER


def _lines(cell: PlannedCell, widths: Widths) -> int:
    columns = range(cell.col, cell.col + cell.col_span)
    available = sum([widths.get(col, NARROWEST) for col in columns])
    if "\n" not in cell.raw and _needed(cell) <= available:
        return 1
    room = (available - _around(cell) + 0.01) / _scale(cell)
    return sum(_wrapped(line, room) for line in cell.raw.split("\n"))


def _wrapped(line: str, room: float) -> int:
    """Lines that a program makes of one: at spaces, within words that are too long."""
    count, used = 1, 0
    for word in line.split(" "):
        width = _line_width(word)
        if used and used + 1 + width > room:
            count, used = count + 1, 0
        extra = int(width / room) if width > room else 0
        count, used = count + extra, (used + 1 if used else 0) + width - int(extra * room)
    return count


def _needed(cell: PlannedCell) -> float:
    return display_width(cell.raw) * _scale(cell) + _around(cell)


def _around(cell: PlannedCell) -> float:
    """The room beside the text."""
    return _MARGIN + _STEP * cell.indent


def _scale(cell: PlannedCell) -> float:
    return _BOLD if cell.role is CellRole.HEADER else 1.0


def _line_width(line: str) -> int:
    return len(line) if line.isascii() else sum(_character_width(char) for char in line)


def _character_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
