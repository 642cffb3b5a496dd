"""Column widths and row heights by content."""

from __future__ import annotations

import pytest

from app.services.excel_layout import WIDEST, display_width, layout
from app.tables.grid import Table
from app.workbook.plan import PlannedCell, SourceTables
from app.workbook.strategies import consolidated
from tests.support.drawing import table


def planned(drawn: Table) -> tuple[PlannedCell, ...]:
    return consolidated([SourceTables("a.png", (drawn,))]).sheets[0].cells


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("表格", 4), ("a\nlonger", 6), ("e\u0301", 1)]
)
def test_display_width(text: str, width: int) -> None:
    assert display_width(text) == width


def test_columns_are_as_wide_as_their_longest_line_up_to_a_limit() -> None:
    widths = layout(planned(table(f"short | a line of 28 characters now | {'long words ' * 20}"))).widths

    assert widths[0] < 10
    assert 28 < widths[1] < 32
    assert widths[2] == WIDEST


def test_a_spanning_header_wraps_instead_of_widening_its_columns_without_end() -> None:
    cells = planned(table(f"{'header ' * 10} | <", "1 | 2", header_rows=1))
    room = layout(cells)

    assert room.widths[0] == room.widths[1] < 20
    assert set(room.lines) == {(0, 0)}
    assert room.heights[0] >= 45


def test_rows_are_as_high_as_their_lines() -> None:
    cells = planned(table("one | a\nb\nc", "two | x"))

    assert layout(cells).heights == {0: 45}


def test_a_cell_over_several_rows_uses_all_of_them() -> None:
    cells = planned(table("a\nb\nc | 1", "^ | 2", "^ | 3"))

    assert layout(cells).heights == {}


def test_a_word_too_long_for_its_column_breaks() -> None:
    cells = planned(table("x" * 150))

    assert layout(cells).heights == {0: 45}
