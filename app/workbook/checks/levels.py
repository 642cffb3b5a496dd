"""How deep each row stands in a hierarchy that its label shows: by a numbering, or by indentation."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.tables.grid import Cell, Table

_NUMBERED = re.compile(r"\s*(\d{1,3}(?:\.\d{1,3})*)\.?(?:\s+[^\W\d]|\s*$)")
_BULLET = re.compile(r"\s*(?:[-–—•·▪◦*]+|o)\s+(?=\w)")
_SPACE = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u3000]*")


def levels_of(table: Table) -> dict[int, int]:
    """The level of each body row, the whole at 0; empty where the first column shows no hierarchy."""
    labels = {
        cell.row: cell
        for cell in table.cells
        if cell.col == 0 and cell.row >= table.header_rows and cell.row_span == 1 and cell.text.strip()
    }
    levels = _numbered(labels) or _indented(labels)
    return levels if len(set(levels.values())) > 1 else {}


def _numbered(labels: Mapping[int, Cell]) -> dict[int, int]:
    """By 1, 1.1, 1.2, 2: each longer number stands in the table without its last part, too. Rows without a
    number are of the whole."""
    found = {row: match[1] for row, cell in labels.items() if (match := _NUMBERED.match(cell.text))}
    known = set(found.values())
    nested = [number for number in found.values() if "." in number]
    if len(nested) < 2 or len(known) < len(found) or 2 * len(found) < len(labels):
        return {}
    if any(number.rpartition(".")[0] not in known for number in nested):
        return {}
    return {row: found[row].count(".") if row in found else 0 for row in labels}


def _indented(labels: Mapping[int, Cell]) -> dict[int, int]:
    """By what the engine saw, else by spaces and bullets before the text."""
    widths = {row: 1000 * cell.indent + _lead(cell.text) for row, cell in labels.items()}
    ranks = {width: rank for rank, width in enumerate(sorted(set(widths.values())))}
    return {row: ranks[width] for row, width in widths.items()}


def _lead(text: str) -> int:
    bullet = _BULLET.match(text)
    lead = bullet or _SPACE.match(text)
    return lead.end() if lead else 0
