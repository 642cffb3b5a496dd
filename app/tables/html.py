"""Tables as HTML, every text escaped."""

from __future__ import annotations

from html import escape

from app.tables.grid import Cell, Table


def to_html(table: Table) -> str:
    """The table as a ``<table>`` element: caption, ``thead`` of the header rows, ``tbody`` of the others."""
    rows = [_row(table, row) for row in range(table.rows)]
    head, body = rows[: table.header_rows], rows[table.header_rows :]
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
    return escape(text).replace("\n", "<br>")
