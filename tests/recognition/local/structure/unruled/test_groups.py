"""Cells over the columns of a short ruling."""

from __future__ import annotations

import pytest

from app.recognition.local.evidence import GridHypothesis, Span
from app.recognition.local.structure.unruled.groups import with_groups
from tests.support.typewriter import HIGH, typed

PAGE = """
------------------------------------------------
               Price range       Mines    Source
           ------------------
Metal      First       Last
------------------------------------------------
Tin        1983        1998      2        LME
Zinc       1983        2015      9        LME
------------------------------------------------
"""


@pytest.mark.parametrize("given", [(), (Span(0, 1, 1, 4),), (Span(0, 0, 1, 3),)], ids=str)
def test_a_name_spans_what_the_ruling_below_it_runs_across(given: tuple[Span, ...]) -> None:
    page = typed(PAGE)
    grid = GridHypothesis((0, 31, 55, 75, 110), (0, 62, 130, 190, 246, 300), given, source="slanet")
    found = with_groups(grid, page.words, page.rulings, HIGH)
    assert found.spans == (Span(0, 1, 1, 2),)


def test_only_rulings_join_empty_cells() -> None:
    plain = (
        "         First     Second\n         2001      2002\nTin      12        14\nZinc     9         7\n"
    )
    drawn = (
        "       | First   | Second\n       | 2001    | 2002\nTin    | 12      | 14\nZinc   | 9       | 7\n"
    )
    corner = Span(0, 0, 2, 1)
    for page, spans in ((typed(plain), ()), (typed(drawn), (corner,))):
        grid = GridHypothesis((0, 24, 44, 64, 90), (0, 45, 105, 180), (corner,), source="slanet")
        assert with_groups(grid, page.words, page.rulings, HIGH).spans == spans
