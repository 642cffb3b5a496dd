"""Tables as HTML, every text escaped."""

from __future__ import annotations

from html import escape

from app.tables.grid import Cell, Table
from app.tables.text import clean


def to_html(table: Table) -> str:
    """The table as a ``<table>`` element: caption, ``thead`` of the header rows, ``tbody`` of the others.

    Where a header cell reaches below the header rows, all are in ``tbody``: a span cannot leave its part.
    """
    rows = [_row(table, row) for row in range(table.rows)]
    crossing = any(cell.row < table.header_rows < cell.row + cell.row_span for cell in table.cells)
    parting = 0 if crossing else table.header_rows
    head, body = rows[:parting], rows[parting:]
    caption = f"<caption>{_text(table.title)}</caption>\n" if table.title else ""
    return f"<table>\n{caption}{_part('thead', head)}{_part('tbody', body)}</table>"


def _part(name: str, rows: list[str]) -> str:
    return f"<{name}>\n{''.join(rows)}</{name}>\n" if rows else ""


def _row(table: Table, row: int) -> str:
    name = "th" if row < table.header_rows else "td"
    cells = "".join(_cell(name, cell) for cell in table.cells if cell.row == row)
    return f"<tr>{cells}</tr>\n"


def _cell(name: str, cell: Cell) -> str:
    spans = "".join(
        f' {attribute}="{span}"'
        for attribute, span in (("rowspan", cell.row_span), ("colspan", cell.col_span))
        if span > 1
    )
    return f"<{name}{spans}>{_text(cell.text)}</{name}>"


def _text(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")
