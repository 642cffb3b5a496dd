"""Whether a cell is of its column's kind, and what stands in its row and column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from app.recognition.local.fill import FilledCell
from app.recognition.local.headers import is_value
from app.recognition.local.trust.judged import UNKNOWN, Features, Judged

_DECIMALS = re.compile(r"[.,](\d+)\D*$")
_LEAST = 3
"""Cells from which a column has a kind."""


def kinds(judged: Judged) -> list[Features]:
    """For each cell: how many others of its column, below the header, are of its kind and form."""
    body: dict[int, list[int]] = {}
    for index, cell in enumerate(judged.cells):
        if cell.text and cell.place.col_span == 1 and cell.place.row >= judged.header_rows:
            body.setdefault(cell.place.col, []).append(index)
    found: list[Features] = [{"same kind": UNKNOWN, "same form": UNKNOWN} for _ in judged.cells]
    for members in body.values():
        if len(members) >= _LEAST:
            for index, features in zip(members, _column(judged.cells, members), strict=True):
                found[index] = features
    return found


def _column(cells: Sequence[FilledCell], members: Sequence[int]) -> list[Features]:
    values = [is_value(cells[i].text) for i in members]
    forms = [_form(cells[i].text) for i in members]
    kinds, shapes = Counter(values), Counter(forms)
    others = len(members) - 1
    return [
        {
            "same kind": (kinds[value] - 1) / others,
            "same form": (shapes[form] - 1) / others if value else UNKNOWN,
        }
        for value, form in zip(values, forms, strict=True)
    ]


def _form(text: str) -> str:
    """Signs in their order, digits and letters as one each, with the number of decimals."""
    decimals = _DECIMALS.search(text)
    signs = re.sub(r"\s+", "", re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", text)))
    return f"{signs} {len(decimals[1]) if decimals else 0}"


def surroundings(judged: Judged) -> list[Features]:
    """For each cell: how full its row and column are, and where in the table it stands."""
    grid = judged.choice.grid
    filled = {
        (row, col)
        for cell in judged.cells
        if cell.text
        for row in range(cell.place.row, cell.place.row + cell.place.row_span)
        for col in range(cell.place.col, cell.place.col + cell.place.col_span)
    }
    in_row, in_col = Counter(row for row, _ in filled), Counter(col for _, col in filled)
    return [
        {
            "row filled": in_row[cell.place.row] / grid.cols,
            "column filled": in_col[cell.place.col] / grid.rows,
            "row labelled": float((cell.place.row, 0) in filled),
            "next row labelled": float((cell.place.row + cell.place.row_span, 0) in filled)
            if cell.place.row + cell.place.row_span < grid.rows
            else UNKNOWN,
            "in header": float(cell.place.row < judged.header_rows),
            "first column": float(cell.place.col == 0),
            "from top": min(9, cell.place.row),
            "from bottom": min(9, grid.rows - cell.place.row - cell.place.row_span),
            "rows spanned": cell.place.row_span,
            "columns spanned": cell.place.col_span,
        }
        for cell in judged.cells
    ]


def table_shape(judged: Judged) -> Features:
    """Of the whole table."""
    grid = judged.choice.grid
    full = sum(bool(cell.text) for cell in judged.cells)
    crowded = sum(len(cell.words) > 3 for cell in judged.cells)
    return {
        "rows": grid.rows,
        "columns": grid.cols,
        "filled": full / max(1, len(judged.cells)),
        "crowded": crowded / max(1, full),
        "spanning": len(grid.spans) / max(1, len(judged.cells)),
        "header": judged.header_rows,
    }
