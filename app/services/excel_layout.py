"""Column widths by content."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from app.workbook.plan import CellRole, PlannedCell

NARROWEST = 6.0
WIDEST = 60.0
"""Widths of digits; longer lines wrap."""
_MARGIN = 1.6
_BOLD = 1.1


def display_width(text: str) -> int:
    """The longest line in widths of a digit; Chinese, Japanese and Korean characters take two."""
    return max((sum(_character_width(char) for char in line) for line in text.split("\n")), default=0)


def column_widths(cells: Iterable[PlannedCell]) -> dict[int, float]:
    """The width of each column: its longest line, and its share of what spans it."""
    widths: dict[int, float] = {}
    placed = [cell for cell in cells if cell.role in (CellRole.HEADER, CellRole.BODY)]
    for cell in sorted(placed, key=lambda cell: cell.col_span):
        columns = range(cell.col, cell.col + cell.col_span)
        missing = _needed(cell) - sum(widths.get(col, NARROWEST) for col in columns)
        for col in columns:
            widths[col] = min(WIDEST, widths.get(col, NARROWEST) + max(0.0, missing / cell.col_span))
    return widths


def needs_wrap(cell: PlannedCell, widths: dict[int, float]) -> bool:
    """Whether the text has several lines or is wider than its columns."""
    if not isinstance(cell.value, str) or cell.role in (CellRole.TITLE, CellRole.NOTE):
        return False
    available = sum(widths.get(col, NARROWEST) for col in range(cell.col, cell.col + cell.col_span))
    return "\n" in cell.value or _needed(cell) > available + 0.01


def _needed(cell: PlannedCell) -> float:
    return display_width(cell.raw) * (_BOLD if cell.role is CellRole.HEADER else 1.0) + _MARGIN


def _character_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
