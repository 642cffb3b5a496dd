"""Any table: spanning cells anywhere, texts of every kind."""

from __future__ import annotations

from hypothesis import strategies as st

from app.tables.grid import Cell, Table

_NUMERALS = st.from_regex(r"[-(+−$€]?[ ]?[0-9]{1,4}([., '][0-9]{1,3}){0,3}[ ]?[%€)-]?", fullmatch=True)
_DATES = st.from_regex(r"[0-3]?[0-9][./-][01]?[0-9][./-](19|20)?[0-9]{2}", fullmatch=True)
_HOSTILE = st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "+cmd|' /C calc'!A0",
        "http://example.org/",
        "<r>x</r>",
        "<r><t>bold</t></r>",
        "_x0041_",
        "a\tb\r\nc",
        "\x00\x07\x0b",
        "\ud800",
        "\ufffe",
        "{=A1}",
        "'quoted",
        "TRUE",
        "#N/A",
        "]]>&amp;<!--",
        "\u202egnp.exe",
    ]
)
texts = st.one_of(_NUMERALS, _NUMERALS, _DATES, _HOSTILE, st.text(max_size=20))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table of at most 6 × 6 positions."""
    rows, cols = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    free = {(row, col) for row in range(rows) for col in range(cols)}
    cells: list[Cell] = []
    while free:
        row, col = min(free)
        cell = Cell(row, col, draw(texts), draw(st.integers(1, 3)), draw(st.integers(1, 3)))
        if not set(cell.positions()) <= free:
            cell = Cell(row, col, cell.text)
        free -= set(cell.positions())
        cells.append(cell)
    return Table(rows, cols, tuple(cells), draw(st.integers(0, rows)), draw(texts), (draw(texts),))
