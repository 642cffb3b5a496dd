"""Which way each feature of a cell may speak. It keeps accidents of the drawn tables out of the fit."""

from __future__ import annotations

_FOR, _AGAINST, _EITHER = 1, -1, 0

DIRECTIONS = {
    # the reading of the text
    "rival": _AGAINST,
    "doubts": _AGAINST,
    "certainty": _FOR,
    "mean certainty": _FOR,
    "length": _AGAINST,
    "words": _AGAINST,
    "signs": _AGAINST,
    "accents": _AGAINST,
    "text height": _EITHER,
    "pitch": _EITHER,
    "table doubts": _AGAINST,
    "table certainty": _FOR,
    "characters": _FOR,
    "table heights": _AGAINST,
    # its place in the cell
    "inside": _FOR,
    "side room": _FOR,
    "upright room": _FOR,
    "cut": _AGAINST,
    "lines": _AGAINST,
    "gap within": _AGAINST,
    "stacked values": _AGAINST,
    "unread": _AGAINST,
    "white beside": _FOR,
    "white above": _FOR,
    "white below": _FOR,
    # other readings of the table
    "same cell": _FOR,
    "same row": _FOR,
    "least same row": _FOR,
    "same column": _FOR,
    "least same column": _FOR,
    "faults": _AGAINST,
    "margin": _FOR,
    "same rows": _FOR,
    "same columns": _FOR,
    "row difference": _AGAINST,
    "column difference": _AGAINST,
    "by rulings": _FOR,
    # its column and the whole table
    "same kind": _FOR,
    "same form": _FOR,
    "row filled": _FOR,
    "column filled": _FOR,
    "row labelled": _FOR,
    "next row labelled": _FOR,
    "in header": _AGAINST,
    "first column": _EITHER,
    "from top": _FOR,
    "from bottom": _FOR,
    "rows spanned": _AGAINST,
    "columns spanned": _AGAINST,
    "filled": _EITHER,
    "crowded": _AGAINST,
    "spanning": _AGAINST,
}
"""Features of a table's size are left out: drawn tables are no sample of how large tables are."""
