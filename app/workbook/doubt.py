"""Cells that a reader should compare with the image, and why."""

from __future__ import annotations

from dataclasses import dataclass

from app.tables.grid import Cell
from app.tables.text import clean, one_line
from app.workbook.checks.told import notes
from app.workbook.placed import PlacedTable, ShownCell
from app.workbook.verdicts import verdict_notes

DOUBT_BELOW = 0.9
"""A cell of lower confidence is doubtful: on real images four in a hundred, four in ten of them wrong
(docs/adr/0005-confidence-is-fitted.md)."""
_UNREAD = "The image holds something here that could not be read."
_QUOTED = 200
"""Characters of a text that are repeated."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that may be wrong."""

    table: PlacedTable
    shown: ShownCell
    warning: str
    """What checks or another engine say against it; empty: nothing."""

    @property
    def reasons(self) -> str:
        """Why it is doubtful, a sentence a line."""
        cell = self.shown.cell
        unsure = cell.confidence if is_unsure(cell) else None
        read = bool(clean(cell.text))
        told = [
            "" if unsure is None or not read else f"Read with a confidence of {round(100 * unsure)} %.",
            "" if unsure is None or read else _UNREAD,
            f"{quoted(cell.raw_text)} was read and repaired." if cell.raw_text is not None else "",
            self.warning,
        ]
        return "\n".join(reason for reason in told if reason)

    @property
    def note(self) -> str:
        """What the cell's reader is told."""
        cell = self.shown.cell
        others = ", ".join(map(quoted, cell.alternatives))
        told = [
            f"Read: {quoted(cell.text)}" if clean(cell.text) else "",
            f"Other readings: {others}" if others else "",
            self.reasons,
            "Compare it with the image." if is_unsure(cell) else "",
        ]
        return "\n".join(line for line in told if line)


def doubts(table: PlacedTable) -> list[Doubt]:
    """The table's doubtful cells in reading order."""
    found, verdicts = notes(table.cells(), table.findings), verdict_notes(table.origin.table)
    suspects = [
        (shown, [verdicts.get((shown.cell.row, shown.cell.col), ""), found.get(shown.place, "")])
        for shown in table.shown
        if is_unsure(shown.cell) or shown.place in found or (shown.cell.row, shown.cell.col) in verdicts
    ]
    return [
        Doubt(table, shown, "\n".join(filter(None, warnings)))
        for shown, warnings in suspects
        if is_unsure(shown.cell) or any(warnings)
    ]


def is_unsure(cell: Cell) -> bool:
    """Whether it was read with too little confidence; a cell without text where the image holds ink."""
    return cell.confidence is not None and cell.confidence < DOUBT_BELOW


def quoted(text: str) -> str:
    """The text on one line in quotation marks, cut where it is long."""
    line = one_line(text)
    return f"“{line if len(line) <= _QUOTED else line[: _QUOTED - 1] + '…'}”"
