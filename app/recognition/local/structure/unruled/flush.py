"""Gutters no wider than a space: texts are flush with them line by line, and names of columns far apart.

A date at the right of its column and a name at the left of the next one stand as near as two words: printed
sheets without rulings have them. A column name alone tells: it starts where all the names below it start.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.recognition.local.structure.unruled.lines import Token

_NEAR = 0.3
"""Starts that differ by less, in character heights, are flush."""
_LEAST_LINES = 5
_FLUSH, _CROSSED = 0.8, 0.1
"""Shares of the lines: with a text that starts at the gutter, at least; with one across it, at most."""


class Starts:
    """Where the texts of each line start. ``gaps``: for each line the tokens behind a gap and whether it is a
    wide one."""

    def __init__(
        self,
        lines: Sequence[Sequence[Token]],
        gaps: Sequence[Sequence[tuple[Token, bool]]],
        height: float,
    ) -> None:
        self._near, self._count = _NEAR * height, len(lines)
        found = sorted((token.x0, line, wide) for line, row in enumerate(gaps) for token, wide in row)
        self._x = np.array([x for x, _, _ in found])
        self._line = np.array([line for _, line, _ in found], int)
        self._wide = np.array([wide for _, _, wide in found], bool)
        every = [(token.x0, token.x1) for line in lines for token in line]
        self._tokens: NDArray[np.float64] = np.array(every).reshape(-1, 2)

    def are_gutter(self, x: float) -> bool:
        """Whether texts that start at ``x`` are flush with a gutter before them."""
        low, high = np.searchsorted(self._x, (x - self._near, x + self._near))
        count = len(set(self._line[low:high].tolist()))
        if count < max(_LEAST_LINES, _FLUSH * self._count) or not self._wide[low:high].any():
            return False
        starts, ends = self._tokens.T
        crossed = int(((starts < x - self._near) & (ends > x)).sum())
        return crossed <= _CROSSED * self._count
