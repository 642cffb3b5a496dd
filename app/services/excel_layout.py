"""Column widths and row heights by content. Widths are in widths of a digit, heights in points."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

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
_BOLD = 1.1

Widths = dict[int, float]
"""By column."""


def display_width(text: str) -> int:
    """The longest line in widths of a digit; Chinese, Japanese and Korean characters take two."""
    if "\n" not in text:
        return _line_width(text)
    return max((_line_width(line) for line in text.split("\n")), default=0)


def column_widths(cells: Iterable[PlannedCell]) -> Widths:
    """The width of each column: its longest line, and its share of what spans it."""
    widths: Widths = {}
    spanning: list[PlannedCell] = []
    for cell in cells:
        if not _stands_in_grid(cell):
            continue
        if cell.col_span > 1:
            spanning.append(cell)
        elif (needed := _needed(cell)) > widths.get(cell.col, NARROWEST):
            widths[cell.col] = min(WIDEST, needed)
        else:
            widths.setdefault(cell.col, NARROWEST)
    for cell in sorted(spanning, key=lambda cell: cell.col_span):
        columns = range(cell.col, cell.col + cell.col_span)
        missing = _needed(cell) - sum(widths.get(col, NARROWEST) for col in columns)
        for col in columns:
            width = widths.get(col, NARROWEST)
            widths[col] = max(width, min(WIDEST_SHARE, width + max(0.0, missing / cell.col_span)))
    return widths


def needs_wrap(cell: PlannedCell, widths: Widths) -> bool:
    """Whether the text has several lines or is wider than its columns."""
    return isinstance(cell.value, str) and _stands_in_grid(cell) and _lines(cell, widths) > 1


def row_heights(cells: Sequence[PlannedCell], widths: Widths) -> dict[int, float]:
    """The height of each row that needs more than one line; a cell that spans rows uses all of them."""
    lines: dict[int, int] = {}
    wrapped = [cell for cell in cells if needs_wrap(cell, widths)]
    for cell in sorted(wrapped, key=lambda cell: cell.row_span):
        above = sum(lines.get(row, 1) for row in range(cell.row, cell.row + cell.row_span - 1))
        last = cell.row + cell.row_span - 1
        lines[last] = max(lines.get(last, 1), _lines(cell, widths) - above)
    return {row: min(HIGHEST, LINE_HEIGHT * count) for row, count in lines.items() if count > 1}


def filter_range(sheet: PlannedSheet) -> tuple[int, int, int, int] | None:
    """First row, first column, last row and last column of a plain table: one header row that names every
    column above two rows or more, and no spanning cell. A filter on anything else would tear it apart."""
    cells = sheet.cells
    if sheet.freeze_rows != 1 or any(cell.row_span > 1 or cell.col_span > 1 for cell in cells):
        return None
    if any(not _stands_in_grid(cell) for cell in cells):
        return None
    names = [cell.value for cell in cells if cell.row == 0]
    last_row = max(cell.row for cell in cells)
    if last_row < _FEWEST_FILTERED or not all(names) or len(cells) != len(names) * (last_row + 1):
        return None
    return 0, 0, last_row, len(names) - 1


def _stands_in_grid(cell: PlannedCell) -> bool:
    """Titles and notes run over the cells beside them instead."""
    return cell.role in (CellRole.HEADER, CellRole.BODY)


def _lines(cell: PlannedCell, widths: Widths) -> int:
    columns = range(cell.col, cell.col + cell.col_span)
    available = sum([widths.get(col, NARROWEST) for col in columns])
    if "\n" not in cell.raw and _needed(cell) <= available:
        return 1
    room = (available - _MARGIN + 0.01) / _scale(cell)
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
    return display_width(cell.raw) * _scale(cell) + _MARGIN


def _scale(cell: PlannedCell) -> float:
    return _BOLD if cell.role is CellRole.HEADER else 1.0


def _line_width(line: str) -> int:
    return len(line) if line.isascii() else sum(_character_width(char) for char in line)


def _character_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
