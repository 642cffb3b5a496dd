"""How many rows at the top name the columns."""

from __future__ import annotations

import pytest

from app.recognition.local.evidence import Span
from app.recognition.local.fill import FilledCell
from app.recognition.local.headers import header_rows
from app.tables.geometry import Box
from tests.support.drawing import table


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("Item | 2019 | 2020", "Steel | 3.1 | 4", "Wood | 2 | 5"), 1),
        (("Item | 2019 | 2020", "Assets | | ", "Steel | 3.1 | 4", "Debts | | ", "Loans | 2 | 5"), 1),
        (("Item | 2019 | 2020", "Assets | < | <", "Steel | 3.1 | 4"), 1),
        (("Item | Firms | <", "^ | 2019 | 2020", "Assets | < | <", "Steel | 3.1 | 4"), 2),
        ((" | Firms | <", "Item | 2019 | 2020", "Steel | 3.1 | 4"), 2),
        (("Item | Firms | < | Note", "^ | Small | Large | ^", "Steel | few | many | old"), 2),
        (("Town | Code | Rank", "Oslo | K118 | high", "Bergen | K2 | 3", "Turku | 17 | 4"), 1),
        (("Item | Cost | Share", "Steel | €–27 093.6 | 402 (95.6%)", "Wood | … | (3.2)%"), 1),
        (("Name | Task", "Anna | sales", "Ben | stock"), 1),
        (("1 | 2 | 3", "4 | 5 | 6"), 0),
        (("L1 | Kelso | 3.4 | open", "L2 | Oban | 1.7 | open", "L3 | Ayr | 2.1 | shut"), 0),
        (("No. | Town | Fee | Gate", "L1 | Kelso | 3.4 | open", "L2 | Oban | 1.7 | open"), 1),
        (("No. | Town | Fee | Gate", "Part A | | | ", "L1 | Oban | 3.4 | open", "L2 | Ayr | 1.7 | open"), 1),
    ],
)
def test_header_rows(rows: tuple[str, ...], expected: int) -> None:
    drawn = table(*rows)
    cells = [
        FilledCell(Span(c.row, c.col, c.row_span, c.col_span), Box(0, 0, 1, 1), (), c.text)
        for c in drawn.cells
    ]
    assert header_rows(cells, drawn.rows) == expected
