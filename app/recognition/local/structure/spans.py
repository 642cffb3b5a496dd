"""Union-find over the positions of a grid, closed to rectangles."""

from __future__ import annotations

from app.recognition.local.evidence import Span

Position = tuple[int, int]
"""Row and column from 0."""


class Blocks:
    """Positions of a grid united into rectangular cells."""

    def __init__(self, rows: int, cols: int) -> None:
        self._parents = {(row, col): (row, col) for row in range(rows) for col in range(cols)}

    def unite(self, a: Position, b: Position) -> None:
        """Both positions belong to one cell."""
        self._parents[self._root(a)] = self._root(b)

    def spans(self) -> tuple[Span, ...]:
        """Cells of more than one position. A union that is no rectangle grows to its bounding rectangle,
        taking in what it meets, until all are."""
        while self._grow():
            pass
        return tuple(
            Span(top, left, bottom - top + 1, right - left + 1)
            for top, left, bottom, right in sorted(self._frames().values())
            if (bottom, right) != (top, left)
        )

    def _root(self, position: Position) -> Position:
        while self._parents[position] != position:
            self._parents[position] = self._parents[self._parents[position]]
            position = self._parents[position]
        return position

    def _frames(self) -> dict[Position, tuple[int, int, int, int]]:
        """First row, first column, last row, last column of each union."""
        frames: dict[Position, tuple[int, int, int, int]] = {}
        for row, col in self._parents:
            root = self._root((row, col))
            top, left, bottom, right = frames.get(root, (row, col, row, col))
            frames[root] = (min(top, row), min(left, col), max(bottom, row), max(right, col))
        return frames

    def _grow(self) -> bool:
        changed = False
        for root, (top, left, bottom, right) in self._frames().items():
            for row in range(top, bottom + 1):
                for col in range(left, right + 1):
                    if self._root((row, col)) != self._root(root):
                        self.unite((row, col), root)
                        changed = True
        return changed
