"""Each column of the corpus is typed as a whole; each typed cell shows what the image shows."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from app.tables.grid import Cell, Table
from app.tables.text import clean
from app.workbook.plan import CellValue
from app.workbook.values import TypedValue, type_tables
from tests.support.display import sections, shown
from tests.support.drawing import table
from tests.workbook.corpus import COLUMNS, TABLES


def column(lines: str) -> tuple[Table, list[str]]:
    """A table of labels and the column's texts, and what is expected of each text."""
    rows = [line.strip() for line in lines.strip().splitlines()]
    headed = rows[0].startswith("# ")
    header = [rows.pop(0)[2:]] if headed else []
    pairs = [line.partition("→") for line in rows]
    texts = [*header, *(text.strip(" ") for text, _, _ in pairs)]
    cells = [
        Cell(row, col, text) for row, pair in enumerate(texts) for col, text in enumerate(("label", pair))
    ]
    return Table.from_cells(cells, header_rows=len(header)), [value.strip() for _, _, value in pairs]


def as_corpus(value: CellValue) -> str:
    """The value as the corpus writes it; empty for text."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return "" if value is None or isinstance(value, str) else f"{value:.15g}"


def by_sign(value: float, number_format: str) -> str:
    """The section that a program takes which knows no conditions."""
    parts = sections(number_format)
    return parts[min(len(parts) - 1, 1 if value < 0 else 2 if value == 0 and len(parts) > 2 else 0)]


@pytest.mark.parametrize("name", COLUMNS)
def test_column(name: str) -> None:
    drawn, expected = column(COLUMNS[name])

    typed = type_tables([drawn])[0]

    body = [cell for cell in drawn.cells if cell.col == 1 and cell.row >= drawn.header_rows]
    assert {c.text: as_corpus(typed[c.row, c.col].value) for c in body} == {
        cell.text: value for cell, value in zip(body, expected, strict=True)
    }
    for cell in body:
        assert_looks_right(typed[cell.row, cell.col], cell.text)


@pytest.mark.parametrize("name", TABLES)
def test_table(name: str) -> None:
    rows, expected = TABLES[name]

    typed = type_tables([table(*rows, header_rows=1)])[0]

    assert {place: value.value for place, value in typed.items() if not value.is_text} == expected


def test_other_tables_of_the_image_settle_what_a_table_cannot() -> None:
    undecided = table("A | 1.234", "B | 5.678")
    german = table("A | 1,5", "B | 2,5")

    alone = type_tables([undecided])[0]
    beside = type_tables([undecided, german])[0]

    assert alone[0, 1].value == "1.234"
    assert beside[0, 1].value == 1234


@pytest.mark.parametrize(
    ("texts", "readings"),
    [
        (["1.234", "5.678"], ("1234", "1.234")),
        (["01/02/2023", "03/04/2023"], ("1 February 2023", "2 January 2023")),
    ],
)
def test_what_stays_text_in_doubt_says_why_once(texts: list[str], readings: tuple[str, str]) -> None:
    typed = type_tables([table(*(f"label | {text}" for text in texts))])[0]

    assert all(reading in typed[0, 1].note for reading in readings)
    assert [value.value for place, value in typed.items() if place[1]] == texts
    assert not typed[1, 1].note


def test_corpus_is_large() -> None:
    lines = [
        line for text in COLUMNS.values() for line in text.strip().splitlines() if line.strip()[:1] != "#"
    ]

    assert len(lines) >= 300


def assert_looks_right(value: TypedValue, text: str) -> None:
    assert shown(value.value, value.number_format) == clean(text)
    if isinstance(value.value, int | float):
        assert shown(abs(value.value), by_sign(value.value, value.number_format).split("]")[-1]) == clean(
            text
        )
