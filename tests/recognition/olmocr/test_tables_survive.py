"""Whatever a table looks like, writing it and reading the answer gives the same table."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.recognition.olmocr.response import read_answer
from app.tables.grid import Cell, Table
from app.tables.html import to_html

HEAD = "---\nprimary_language: en\nis_rotation_valid: True\nrotation_correction: 0\nis_table: True\n---\n"

# Without backslash and dollar (LaTeX is rewritten on purpose) and pairs of asterisks around a cell (bold).
_MARKS = st.characters(
    codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\\$*_\u2800\u3164\uffa0"
)
_LINE = st.lists(st.text(_MARKS, min_size=1, max_size=6), min_size=1, max_size=3).map(" ".join)
_TEXT = st.one_of(
    st.just(""),
    st.lists(_LINE, min_size=1, max_size=2).map("\n".join),
    st.from_regex(r"[-(]?[0-9]{1,3}(,[0-9]{3}){0,2}(\.[0-9]{2})?[)%]?", fullmatch=True),
    st.sampled_from(
        ["=1+1", "<td>", "</table>", "a|b", "&amp;", "<LOD", "p<0.05", "<table>", "---", "[x](y)"]
    ),
)


@st.composite
def tables(draw: st.DrawFn, spans: bool = True) -> Table:
    """Any table with some text, with a head that no spanning cell leaves."""
    rows, cols = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    head = draw(st.integers(0, rows))
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) in taken:
                continue
            end = head if row < head else rows
            down = draw(st.integers(1, end - row)) if spans and draw(st.booleans()) else 1
            across = 1
            while spans and col + across < cols and (row, col + across) not in taken and draw(st.booleans()):
                across += 1
            cell = Cell(row, col, draw(_TEXT), down, across)
            taken.update(cell.positions())
            cells.append(cell)
    if not any(cell.text for cell in cells):
        cells[0] = Cell(0, 0, "x", cells[0].row_span, cells[0].col_span)
    return Table(rows, cols, tuple(cells), head)


@given(tables())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(Table(1, 2, (Cell(0, 0, "x", 1, 2),)))
@example(Table(2, 1, (Cell(0, 0, "x", 2, 1),)))
def test_html(table: Table) -> None:
    assert read_answer(HEAD + to_html(table)).tables() == (table,)


@given(st.lists(tables(), min_size=2, max_size=4))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_several_tables(several: list[Table]) -> None:
    body = "\n\n".join(map(to_html, several))

    assert read_answer(HEAD + body).tables() == tuple(several)


@given(tables(spans=False))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_markdown(table: Table) -> None:
    rows = [[_escaped(cell.text) for cell in row] for row in table.dense()]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * table.cols)
    has_head = any(cell.text for cell in table.cells if cell.row == 0)
    expected = Table(table.rows, table.cols, table.cells, 1) if has_head else None

    (found,) = read_answer(HEAD + "\n".join(lines)).tables()

    if expected is not None:
        assert found == expected
    else:
        assert [[cell.text for cell in row] for row in found.dense()] == [
            [cell.text for cell in row] for row in table.dense()[1:]
        ]


def _escaped(text: str) -> str:
    """As CommonMark and GFM ask for. Parentheses stay bare: with backslashes they are LaTeX."""
    marks = "!\"#%&'+,-./:;<=>?@[^`{|}~"
    return "".join(f"\\{mark}" if mark in marks else mark for mark in text).replace("\n", "<br>")
