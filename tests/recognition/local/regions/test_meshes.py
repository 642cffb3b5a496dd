"""Meshes of one table are one, however many pieces its rulings come in."""

from __future__ import annotations

import itertools

from app.recognition.evidence import Ruling
from app.recognition.local.regions.meshes import meshes
from app.tables.geometry import Box

_HEIGHT = 12.0


def _mesh(xs: tuple[float, ...], ys: tuple[float, ...]) -> list[Ruling]:
    """Vertical rulings in pieces from rule to rule."""
    level = [Ruling(xs[0], xs[-1], y, horizontal=True) for y in ys]
    return level + [Ruling(a, b, x, horizontal=False) for x in xs for a, b in itertools.pairwise(ys)]


def test_names_over_several_columns_belong_to_the_columns_below_them() -> None:
    head = _mesh((100, 150, 400, 600), (100, 140))
    body = _mesh((100, 150, 250, 330, 400, 500, 600), (155, 184, 224, 264, 304))
    assert meshes([*head, *body], _HEIGHT) == [Box(100, 100, 600, 304)]


def test_rows_go_on_beyond_a_narrow_column_where_rules_come_in_pieces() -> None:
    ys = (100, 140, 180, 220)
    left, right = _mesh((100, 200, 300), ys), _mesh((320, 400, 500), ys)
    pieces = [Ruling(a, b, y, horizontal=True) for y in ys for a, b in ((102, 180), (220, 298))]
    assert meshes([*left, *pieces, *right], _HEIGHT) == [Box(100, 100, 500, 220)]


def test_tables_with_other_rows_beside_each_other_are_two() -> None:
    left, right = _mesh((100, 200, 300), (100, 140, 180)), _mesh((320, 400, 500), (90, 120, 160, 200))
    assert len(meshes([*left, *right], _HEIGHT)) == 2
