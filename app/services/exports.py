"""Tables as CSV, JSON, HTML and Markdown."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from io import StringIO
from itertools import groupby

from app.models.tables import ImageTables, TablesDocument
from app.tables.grid import Cell, Table
from app.tables.html import to_html
from app.tables.text import clean, one_line
from app.workbook.numerals import parse_numeral
from app.workbook.stacking import Stack

_FORMULA_START = re.compile("[=+\\-@\t\r|＝＋－＠]")
"""What makes a spreadsheet program take a CSV field for a formula (OWASP, CSV Injection)."""


def to_csv(stacks: Sequence[Stack]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads it as such.

    A spanning cell's text stands in its first field. Several tables stand below one another, each under
    a line with its origin.
    """
    text = StringIO(newline="")
    writer = csv.writer(text)
    for number, stack in enumerate(stacks):
        if len(stacks) > 1:
            writer.writerows([[]] if number else [])
            writer.writerow([csv_safe(stack.line)])
        writer.writerows([csv_safe(field) for field in row] for row in first_fields(stack.table))
    return text.getvalue().encode("utf-8-sig")


def csv_safe(field: str) -> str:
    """The field with an apostrophe in front where a spreadsheet program would calculate it."""
    return f"'{field}" if _FORMULA_START.match(field) and parse_numeral(field) is None else field


def to_json(images: Sequence[ImageTables]) -> bytes:
    """`TablesDocument` as JSON."""
    return TablesDocument(images=list(images)).model_dump_json(indent=2).encode()


def to_html_page(stacks: Sequence[Stack]) -> bytes:
    """A page that stands alone, without scripts."""
    sections = [_section(source, group) for source, group in _by_source(stacks)]
    title = escape(", ".join(dict.fromkeys(stack.source for stack in stacks)))
    return _PAGE.format(title=title, body="\n".join(sections)).encode()


def to_markdown(stacks: Sequence[Stack]) -> bytes:
    """GitHub's tables: one header row, no spanning cells."""
    return "\n\n".join(_markdown_blocks(stacks)).encode() + b"\n"


def first_fields(table: Table) -> Iterator[list[str]]:
    """Rows of texts; a spanning cell's text stands at its top left position alone."""
    for row, cells in enumerate(table.dense()):
        yield [
            clean(cell.text) if (cell.row, cell.col) == (row, col) else "" for col, cell in enumerate(cells)
        ]


_PAGE = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 15px/1.4 system-ui, sans-serif; margin: 2rem; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
caption {{ text-align: left; font-weight: 600; padding: .3rem 0; }}
th, td {{ border: 1px solid #bfbfbf; padding: .25rem .5rem; vertical-align: top; }}
th {{ background: #e8edf4; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def _by_source(stacks: Iterable[Stack]) -> Iterator[tuple[str, list[Stack]]]:
    """Neighbours that come from the same image together."""
    for _, group in groupby(stacks, key=lambda stack: (stack.first.position, stack.source)):
        same = list(group)
        yield same[0].source, same


def _section(source: str, stacks: Iterable[Stack]) -> str:
    parts = [f"<h2>{escape(source)}</h2>"]
    for stack in stacks:
        parts.append(to_html(stack.table))
        parts += [f"<p>{escape(clean(note))}</p>" for note in stack.table.notes]
    return "<section>\n" + "\n".join(parts) + "\n</section>"


def _markdown_blocks(stacks: Iterable[Stack]) -> Iterator[str]:
    for source, group in _by_source(stacks):
        yield f"## {_markdown_text(source)}"
        for table in (stack.table for stack in group):
            if table.title:
                yield f"**{_markdown_text(table.title)}**"
            yield _markdown_table(table)
            yield from (_markdown_text(note) for note in table.notes)


def _markdown_table(table: Table) -> str:
    rows = [[_markdown_text(field) for field in row] for row in first_fields(table)]
    header = [_markdown_text(name) for name in _column_names(table)]
    lines = [header, ["---"] * table.cols, *rows[table.header_rows :]]
    return "\n".join(f"| {' | '.join(fields)} |" for fields in lines)


def _column_names(table: Table) -> list[str]:
    """The header rows joined into one, a spanning name repeated in each of its columns."""
    header = table.dense()[: table.header_rows]
    return [" – ".join(_different(row[col] for row in header)) for col in range(table.cols)]


def _different(cells: Iterable[Cell]) -> Iterator[str]:
    seen: Cell | None = None
    for cell in cells:
        if cell is not seen and cell.text.strip():
            yield one_line(cell.text)
        seen = cell


def _markdown_text(text: str) -> str:
    """Escaped so that it shows as it is, on one line."""
    escaped = re.sub(r"([\\`*_\[\]|~#])", r"\\\1", clean(text))
    return escape(escaped, quote=False).replace("\n", "<br>")
