"""How many rows at the top name the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.recognition.local.fill import FilledCell

_MOST = 5
_VALUE = re.compile(r"^[\s(<>~≈±+−–€$£¥-]*\d[\d\s.,:/%’'()\[\]+−–±*-]*[A-Za-z%€$£¥*†‡]{0,3}$")
_YEAR = re.compile(r"^\(?(1[89]|20)\d\d([-–/]\d{2,4})?[a-z*]?\)?$")
_NOTHING = re.compile(r"^[\s.…:·*–—−-]*$|^n\.?\s?[ad]\.?$", re.IGNORECASE)


def header_rows(cells: Sequence[FilledCell], rows: int) -> int:
    """Rows before the first one that mostly holds values, beside its first column; where texts are more,
    before the first one with values in the columns of values.

    A table of texts alone gets one header row, two below groups of columns. A cell that spans down from the
    header takes its rows along; a row that names a section below the column names begins the body.
    """
    top = range(min(rows, _MOST + 1))
    first = next((row for row in top if _holds_values(cells, row)), None)
    if first is None:
        valued = _of_value_columns(cells)
        first = next((row for row in top if _holds_values(valued, row)), None)
    count = first if first is not None else 2 if _has_groups(cells) else 1
    if count > _MOST or count >= rows:
        return min(1, rows - 1)
    reach = [c.place.row + c.place.row_span for c in cells if c.place.row == 0 and c.place.row_span < rows]
    count = min(max([count, *[end for end in reach if count]]), rows - 1, _MOST)
    return next((row for row in range(1, count) if _begins_body(cells, row)), count)


def _of_value_columns(cells: Sequence[FilledCell]) -> list[FilledCell]:
    """The cells of columns of which more than half are values."""
    columns: dict[int, list[FilledCell]] = {}
    for cell in cells:
        if cell.text.strip() and cell.place.col_span == 1:
            columns.setdefault(cell.place.col, []).append(cell)
    return [
        cell
        for column in columns.values()
        if 2 * sum(is_value(cell.text) for cell in column) > len(column)
        for cell in column
    ]


def _has_groups(cells: Sequence[FilledCell]) -> bool:
    """True for a cell at the top over several columns, but not over all."""
    top = [cell for cell in cells if cell.place.row == 0 and cell.text.strip()]
    return len(top) > 1 and any(cell.place.col_span > 1 for cell in top)


def _begins_body(cells: Sequence[FilledCell], row: int) -> bool:
    """True for a row with a name of its own below the first column's, and for the name of a section."""
    texts = [cell.place for cell in cells if cell.text.strip()]
    here = {place.col for place in texts if place.row <= row < place.row + place.row_span}
    own = any(place.row == row and place.col == 0 for place in texts)
    named = any(place.row < row and place.col == 0 and place.col_span == 1 for place in texts)
    above = {place.col for place in texts if place.row < row}
    return own and (named or (here == {0} and above != {0}))


def is_value(text: str) -> bool:
    """True for a number, an amount, a percentage or a sign for nothing; a lone year names a column."""
    stripped = text.strip()
    return bool(_NOTHING.match(stripped) or (_VALUE.match(stripped) and not _YEAR.match(stripped)))


def _holds_values(cells: Sequence[FilledCell], row: int) -> bool:
    texts = [
        cell.text for cell in cells if cell.place.row == row and cell.place.col > 0 and cell.text.strip()
    ]
    values = sum(is_value(text) for text in texts)
    return bool(texts) and 2 * values > len(texts)
