"""Which rows a label beside several of them belongs to."""

from __future__ import annotations

from dataclasses import replace

from app.recognition.local.evidence import Span
from app.recognition.local.structure.unruled.gaps import from_gaps
from app.recognition.local.structure.unruled.labels import with_labels
from tests.support.typewriter import HIGH, typed


def spans(source: str, *given: Span) -> set[Span]:
    """What becomes of the spans that the grid of the page was given."""
    page = typed(source)
    grid = from_gaps(page.words, page.box, page.rulings)
    assert grid is not None
    settled = with_labels(replace(grid, spans=given), page.words, page.rulings, HIGH)
    return set(settled.spans)


def test_a_name_on_the_last_line_of_the_header_stands_there_alone() -> None:
    page = """
                     Dev          Test
                  ----------------------
        System     BLEU   Sum   BLEU   Sum
        -----------------------------------
        Baseline   28.1   832   27.4   828
        Ensemble   31.6   857   30.8   852
    """
    assert spans(page, Span(0, 0, 2, 1), Span(0, 1, 1, 2)) == {Span(0, 1, 1, 2)}


def test_a_name_between_the_lines_of_the_header_stays_beside_both() -> None:
    page = """
                     Dev          Test
       'System
                   BLEU   Sum   BLEU   Sum
        -----------------------------------
        Baseline   28.1   832   27.4   828
        Ensemble   31.6   857   30.8   852
    """
    assert Span(0, 0, 2, 1) in spans(page, Span(0, 0, 2, 1), Span(0, 1, 1, 2))


GROUPS = """
        Genus     Species   Count
        -------------------------
        {}     major       128
        {}     ater         45
        Corvus    corone       77
                  corax         6
        Turdus    merula      203
"""


def test_labels_stand_at_the_top_of_their_groups_where_the_first_one_does() -> None:
    assert spans(GROUPS.format("Parus ", "      "), Span(2, 0, 3, 1)) == set()


def test_labels_stand_in_the_middle_where_the_first_row_is_empty() -> None:
    page = GROUPS.format("      ", "Parus ")
    assert spans(page, Span(1, 0, 2, 1), Span(3, 0, 2, 1)) == {Span(1, 0, 2, 1), Span(3, 0, 2, 1)}


def test_marks_name_no_groups() -> None:
    page = """
        Module    Easy    Hard
        ----------------------
                  41.2    20.1
        x         43.0    22.7
                  42.6    22.0
        x         44.9    24.8
    """
    assert spans(page, Span(1, 0, 3, 1)) == set()


def test_a_label_in_the_middle_of_its_rows_reaches_to_the_rulings() -> None:
    page = """
        Category    Symbol    Meaning
        -----------------------------
                    L         layers
                    D         depth
        Model       H         heads
                    S         length
                    B         budget
        -----------------------------
        Hardware    M         memory
    """
    assert spans(page, Span(1, 0, 4, 1)) == {Span(1, 0, 5, 1)}


def test_a_label_reaches_over_no_ruling() -> None:
    page = """
        Data        Method    F1
        -------------------------
                    Base      93.1
        Small       Mix       93.9
                    Cut       94.3
        -------------------------
                    Base      72.0
        Large       Mix       73.8
                    Cut       74.4
    """
    found = spans(page, Span(1, 0, 2, 1), Span(3, 0, 4, 1))
    assert found == {Span(1, 0, 3, 1), Span(4, 0, 3, 1)}
