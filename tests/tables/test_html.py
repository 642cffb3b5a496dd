"""Tables as HTML."""

from __future__ import annotations

from hypothesis import given, settings
from lxml import html

from app.tables.grid import Table
from app.tables.html import to_html
from app.tables.text import clean
from tests.support.drawing import table
from tests.support.random_tables import tables


def test_html() -> None:
    drawn = table("Revenue | < | Total", "2023 | 2024 | ^", "10 | 12 | <b>", header_rows=2, title="A & B")

    assert to_html(drawn) == (
        "<table>\n<caption>A &amp; B</caption>\n"
        '<thead>\n<tr><th colspan="2">Revenue</th><th rowspan="2">Total</th></tr>\n'
        "<tr><th>2023</th><th>2024</th></tr>\n</thead>\n"
        "<tbody>\n<tr><td>10</td><td>12</td><td>&lt;b&gt;</td></tr>\n</tbody>\n</table>"
    )


def test_header_cells_that_reach_into_the_body_keep_their_span() -> None:
    drawn = table("Year | Sales", "^ | 10", header_rows=1)

    assert "<thead>" not in to_html(drawn)
    assert '<th rowspan="2">Year</th>' in to_html(drawn)


@settings(max_examples=40)
@given(tables())
def test_any_table_is_parsed_as_it_was(drawn: Table) -> None:
    element = html.fromstring(to_html(drawn))

    cells = [cell for row in element.iter("tr") for cell in row]
    assert [(int(c.get("rowspan", 1)), int(c.get("colspan", 1))) for c in cells] == [
        (cell.row_span, cell.col_span) for cell in drawn.cells
    ]
    assert ["".join(cell.itertext()) for cell in cells] == [
        clean(c.text).replace("\n", "") for c in drawn.cells
    ]
