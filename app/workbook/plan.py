"""The workbook plan: what stands in which cell of which sheet, with value, look and span."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from app.tables.grid import Table

CellValue = str | int | float | date | datetime | time | None


class CellRole(StrEnum):
    """What a cell is for; decides its style."""

    HEADER = "header"
    BODY = "body"
    TITLE = "title"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """One cell of a sheet; row and column from 0."""

    row: int
    col: int
    value: CellValue
    raw: str
    """The text as it was recognised."""
    number_format: str = "General"
    """Excel's number format; shows a number just as the image does."""
    row_span: int = 1
    col_span: int = 1
    role: CellRole = CellRole.BODY
    align: str = "left"
    """left, center or right."""
    confidence: float | None = None
    warning: str = ""
    """What a check found against the value; such a cell is marked."""
    note: str = ""
    """What else a reader should know of the cell."""


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """One worksheet."""

    name: str
    """Legal and unique in its workbook, at most 31 characters."""
    cells: tuple[PlannedCell, ...] = field(repr=False)
    freeze_rows: int = 0
    source: str = ""
    """Filename of the source image, for people."""
    title: str = ""
    """The table's caption, for the head of the printed page."""


@dataclass(frozen=True, slots=True)
class WorkbookPlan:
    """One workbook."""

    sheets: tuple[PlannedSheet, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class SourceTables:
    """The tables of one source image, in reading order: what a plan is made from."""

    filename: str
    tables: tuple[Table, ...]
    pages: tuple[int, ...] = ()
    """The page of each table, from 1; empty: all on the first."""
    engine: str = ""
    """The engine that read them."""
    warnings: tuple[str, ...] = ()
    """Public sentences about the recognition."""
    last_pages: tuple[int, ...] = ()
    """The page that each table ends on; empty: the one that it begins on."""
