"""Tables drawn in the source of a test."""

from __future__ import annotations

from app.tables.grid import Cell, Table


def table(*rows: str, header_rows: int = 0, title: str = "", notes: tuple[str, ...] = ()) -> Table:
    """The table that the rows draw: cells between ``|``; ``<`` joins to the left cell, ``^`` to the upper.

    >>> table("Revenue | < | Total", "2023 | 2024 | ^", "10 | 12 | 22", header_rows=2)
    """
    drawn = [[text.strip() for text in row.split("|")] for row in rows]
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    covered: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, texts in enumerate(drawn):
        for col, text in enumerate(texts):
            place = (row, col)
            step = {"<": (row, col - 1), "^": (row - 1, col)}.get(text, place)
            owner[place] = step if step == place else owner[step]
            covered.setdefault(owner[place], []).append(place)
    cells = tuple(
        Cell(
            row,
            col,
            drawn[row][col],
            max(place[0] for place in places) - row + 1,
            max(place[1] for place in places) - col + 1,
        )
        for (row, col), places in covered.items()
    )
    return Table(len(drawn), len(drawn[0]), cells, header_rows, title, notes)
