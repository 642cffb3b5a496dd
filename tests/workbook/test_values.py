"""Each column of the corpus is typed as a whole; each typed cell shows what the image shows."""

from __future__ import annotations

import pytest

from app.tables.text import clean
from app.workbook.values import TypedValue, type_tables
from tests.support.corpus import as_corpus, corpus_columns
from tests.support.display import sections, shown
from tests.support.drawing import table
from tests.workbook.corpus import TABLES

CORPUS = corpus_columns()


def by_sign(value: float, number_format: str) -> str:
    """The section that a program takes which knows no conditions."""
    parts = sections(number_format)
    return parts[min(len(parts) - 1, 1 if value < 0 else 2 if value == 0 and len(parts) > 2 else 0)]


@pytest.mark.parametrize("name", CORPUS)
def test_column(name: str) -> None:
    column = CORPUS[name]

    typed = type_tables([column.table])[0]

    values = {entry.text: as_corpus(typed[entry.row, 1].value) for entry in column.entries}
    assert values == {
        entry.text: entry.value if entry.must_be_typed else values[entry.text] and entry.value
        for entry in column.entries
    }
    for entry in column.entries:
        assert_looks_right(typed[entry.row, 1], entry.text)


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


def test_of_the_values_of_the_corpus_at_least_95_in_100_are_typed() -> None:
    known = [entry for column in CORPUS.values() for entry in column.entries if entry.value]
    typed = [entry for entry in known if entry.must_be_typed]

    assert len(known) >= 600
    assert len(typed) >= 0.95 * len(known)


def assert_looks_right(value: TypedValue, text: str) -> None:
    assert shown(value.value, value.number_format) == clean(text)
    if isinstance(value.value, int | float):
        assert shown(abs(value.value), by_sign(value.value, value.number_format).split("]")[-1]) == clean(
            text
        )
