"""What a reader is told at cells on which two engines did not agree."""

from __future__ import annotations

from app.tables.grid import Cell, Table, Verdict
from app.tables.text import one_line

_SENTENCES = {
    Verdict.UNSUPPORTED: "olmOCR's answer says so, but no such text was seen in the image.",
    Verdict.MISSING: "olmOCR's answer lacks this; it stands as the local engine read it.",
    Verdict.MOVED: "olmOCR's answer had this in another column; here is where the image has it.",
}


def verdict_notes(table: Table) -> dict[tuple[int, int], str]:
    """A sentence for each doubtful cell, by its top left corner."""
    return {
        (cell.row, cell.col): _sentence(cell, cell.verdict)
        for cell in table.cells
        if cell.verdict is not None and cell.verdict.is_doubtful
    }


def _sentence(cell: Cell, verdict: Verdict) -> str:
    if verdict is Verdict.DIFFERING:
        return f"The local engine read “{one_line(cell.alternatives[0])}” here." if cell.alternatives else ""
    return _SENTENCES[verdict]
