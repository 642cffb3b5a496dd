"""Tables and words of a page as they stand once the page is upright, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.recognition.decoding.turning import Turn
from app.recognition.engine import FoundTable, PageReading
from app.recognition.evidence import Word
from app.tables.geometry import Box
from app.tables.grid import Cell


def upright(read: PageReading) -> tuple[list[FoundTable], list[Word]]:
    """The tables and words of a page after its quarter turns: rows run across, from the top down."""
    turn = _turn(read)
    words = [replace(word, box=turn.box(word.box)) for word in read.page.words]
    return turned(read.tables, turn), words


def as_it_lay(tables: Sequence[FoundTable], read: PageReading) -> list[FoundTable]:
    """The same tables with boxes in pixels of the page as it came."""
    return turned(tables, _turn(read).back)


def turned(tables: Sequence[FoundTable], turn: Turn) -> list[FoundTable]:
    """The tables with all their boxes after a turn of their page."""
    if turn.quarters == 0:
        return list(tables)
    return [
        replace(
            found,
            box=_box(found.box, turn),
            table=replace(found.table, cells=tuple(_cell(cell, turn) for cell in found.table.cells)),
        )
        for found in tables
    ]


def _turn(read: PageReading) -> Turn:
    return Turn(read.page.survey.quarter_turns, round(read.page.width), round(read.page.height))


def _cell(cell: Cell, turn: Turn) -> Cell:
    return replace(cell, box=_box(cell.box, turn))


def _box(box: Box | None, turn: Turn) -> Box | None:
    return None if box is None else turn.box(box)
