"""Where things stand in a workbook, and how formulas and people name the place."""

from __future__ import annotations

from dataclasses import dataclass

Position = tuple[int, int]
"""Row and column of a cell's top left corner, from 0."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the cells of a table stand in a sheet."""

    sheet: str
    first_row: int = 0
    """The sheet's row of the table's first, from 0."""
    columns: tuple[int, ...] = ()
    """The sheet's column of each of the table's; empty: the same."""

    def at(self, place: Position) -> Position:
        """The place in the sheet of one in the table."""
        row, col = place
        return row + self.first_row, self.columns[col] if self.columns else col


def cell_name(place: Position) -> str:
    """A1 for a sheet's first cell."""
    row, col = place
    letters = ""
    while col >= 0:
        letters, col = chr(ord("A") + col % 26) + letters, col // 26 - 1
    return f"{letters}{row + 1}"


def range_name(first: Position, last: Position) -> str:
    """B2:B7, or B2 where both are one."""
    return cell_name(first) if first == last else f"{cell_name(first)}:{cell_name(last)}"


def address(sheet: str, place: Position) -> str:
    """The place as formulas and links name it from another sheet: ``'Table 1'!B7``."""
    return f"'{sheet.replace(chr(39), chr(39) * 2)}'!{cell_name(place)}"
