"""Cells over several columns and rows, as people set them."""

from __future__ import annotations

from app.recognition.local.structure.unruled.gaps import from_gaps
from tests.support.typewriter import Typed, texts, typed


def read(page: Typed) -> list[list[str]]:
    return texts(page, from_gaps(page.words, page.box, page.rulings))


def test_a_text_alone_in_the_middle_of_the_table_spans_its_row() -> None:
    page = typed("""
        Setting                 First   Second
        --------------------------------------
                     Search agent
        Temperature             0.65    0.71
        Tokens, at most         20,480  8,192
                    Reranking tool
        Temperature             0.10    0.20
        Passages, at most       100     250
    """)
    seen = read(page)
    assert seen[1] == ["Search agent", "<", "<"]
    assert seen[4] == ["Reranking tool", "<", "<"]
    assert seen[2] == ["Temperature", "0.65", "0.71"]


def test_a_section_label_at_the_left_stays_in_its_column() -> None:
    page = typed("""
        Variable             Ratio     Share
        Gender
        Male                 1.000     0.5
        Female               0.426     0.5
        Type
        Resection            1.000     0.3
        Other                3.140     0.7
    """)
    assert read(page)[1] == ["Gender", "", ""]


def test_a_label_beside_the_last_numbers_spans_the_columns_before_them() -> None:
    page = typed("""
        Class       Precision   Recall   Score   Support
        DREB             0.89     0.87    0.88       500
        OREB             0.87     0.89    0.88       500
        AREB             0.85     0.90    0.86       500
                         Accuracy of all kinds     0.881
    """)
    assert read(page)[4] == ["Accuracy of all kinds", "<", "<", "<", "0.881"]


def test_rulings_that_stop_beside_a_label_tell_its_rows() -> None:
    page = typed("""
        Model      Size     Acc      Loss
        ----------------------------------
        Small      24     20.880    1.865
        ----------------------------------
        Large      2      12.633    1.610
                   -----------------------
                   4      12.650    1.634
                   -----------------------
                   8      12.701    1.701
        ----------------------------------
    """)
    assert [row[0] for row in read(page)] == ["Model", "Small", "Large", "^", "^"]


def test_words_read_as_one_phrase_are_not_cut_between_columns() -> None:
    page = typed("""
        Class    Precision   Recall     Score   Support
        DREB          0.89     0.87      0.88       500
        OREB          0.87     0.89      0.88       500
        AREB          0.85     0.90      0.86       500
                             Overall accuracy     0.881
    """)
    assert "Overall accuracy" in read(page)[4]
