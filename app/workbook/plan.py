"""The workbook plan: what stands in which cell of which sheet, with value, look and span."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from app.tables.geometry import Box
from app.tables.grid import Look, Table

CellValue = str | int | float | date | datetime | time | None


class CellRole(StrEnum):
    """What a cell is for; decides its style."""

    HEADER = "header"
    BODY = "body"
    TITLE = "title"
    NOTE = "note"


class PlannedCell(NamedTuple):
    """One cell of a sheet; row and column from 0. A tuple: there are many, and it is
    made in half the time."""

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
    indent: int = 0
    """How deep its text is indented from the left, in steps of the spreadsheet program."""
    look: Look | None = None
    """How it stands out in the image; None: as its role does."""
    doubtful: bool = False
    """Filled, so that a reader looks at it."""
    note: str = ""
    """What the reader of the cell should know."""
    formula: str = ""
    """What computes ``value``, with ``=`` in front; empty: the value stands alone."""
    link: str = ""
    """A place in the workbook that a click leads to, e.g. ``'Table 1'!B7``."""


@dataclass(frozen=True, slots=True)
class Cutout:
    """A part of a source image that is to be shown; the pixels come when the workbook is written."""

    image: int
    """Position of the source image in the batch, from 0."""
    page: int
    """From 1."""
    box: Box | None = None
    """Pixels of the page, origin top left; None: the whole page."""


@dataclass(frozen=True, slots=True)
class PlannedImage:
    """A cutout with its top left corner in a cell."""

    row: int
    col: int
    cutout: Cutout
    height: int | None = None
    """Pixels of the screen; None: as high as the cutout is."""
    description: str = ""
    """For readers who cannot see it."""


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """One worksheet."""

    name: str
    """Legal and unique in its workbook, at most 31 characters."""
    cells: tuple[PlannedCell, ...] = field(repr=False)
    freeze_rows: int = 0
    """Header rows that stay in sight, from ``first_row`` on."""
    first_row: int = 0
    """Of what stands in the sheet below a title."""
    source: str = ""
    """Filename of the source image, for people."""
    title: str = ""
    """The table's caption, for the head of the printed page."""
    images: tuple[PlannedImage, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkbookPlan:
    """One workbook."""

    sheets: tuple[PlannedSheet, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class TablePart:
    """What one page holds of a table that goes on over several."""

    first_row: int
    rows: int
    page: int
    """From 1."""


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
    parts: tuple[tuple[TablePart, ...], ...] = ()
    """For each table what each page holds of it; empty: all of it stands on one page."""
    position: int = 0
    """In the batch, from 0."""

    def page_of(self, table: int, row: int) -> int:
        """The page that a row of a table stands on; the first one of a row that a page's end cuts."""
        parts = self.parts[table] if self.parts else ()
        page = self.pages[table] if self.pages else 1
        return next((part.page for part in parts if row < part.first_row + part.rows), page)
