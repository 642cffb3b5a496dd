"""Names of sections and totals over their columns."""

from __future__ import annotations

from app.recognition.local.structure.unruled.gaps import from_gaps
from app.recognition.local.structure.unruled.lines import character_height
from app.recognition.local.structure.unruled.sections import with_sections
from tests.support.typewriter import texts, typed


def read(drawing: str) -> list[list[str]]:
    page = typed(drawing)
    grid = from_gaps(page.words, page.box, page.rulings)
    assert grid is not None
    return texts(page, with_sections(grid, page.words, page.rulings, character_height(page.words)))


def test_a_name_alone_below_a_ruling_stands_over_all_columns() -> None:
    seen = read("""
        Category        Count     Share
        -------------------------------
        Sources
        EgoDex          758,050   73.5%
        Arctic          104,032   10.1%
        -------------------------------
        Kinds of task
        Translation     140,113   13.6%
        Generation      610,192   59.2%
    """)
    assert seen[1] == ["Sources", "<", "<"]
    assert seen[4] == ["Kinds of task", "<", "<"]


def test_a_name_that_indented_rows_belong_to_is_the_first_of_them() -> None:
    seen = read("""
        Method          Error     Share
        -------------------------------
        Pose
           two steps    434.59    90.98
           three steps  451.27    86.01
           four steps   192.54    13.80
    """)
    assert seen[1] == ["Pose", "", ""]


def test_rows_without_values_stay_rows() -> None:
    seen = read("""
        Country                   Count     Share
        -----------------------------------------
        Austria                   758,050   73.5%
        Malta
        Poland                    104,032   10.1%
        Portugal
        United Kingdom of Spain   140,113   13.6%
    """)
    assert seen[2] == ["Malta", "", ""]
    assert seen[4] == ["Portugal", "", ""]
