"""What speaks for a row boundary between two text lines: pitch, rulings, columns filled, broken phrases."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from app.recognition.local.evidence import Ruling, Word
from app.recognition.local.structure.unruled.columns import columns_of
from app.recognition.local.structure.unruled.lines import TextLine
from app.tables.geometry import Box

_NUMBER = re.compile(r"^[^A-Za-z]*\d[^A-Za-z]*$|^[-–—.*/x+✓]+$|^(n/?a|n\.a\.?|ns)$", re.IGNORECASE)
_OPEN_END = re.compile(
    r"([,;:/(&–—-]|\b(of|and|or|the|for|in|to|with|by|on|a|an|at|from|per|than|de|et|und))$"
)
_EVEN, _EVEN_LINES = 1.15, 3
"""Pitches, so many at least, that differ by less than this factor are all the same."""
_INDENT = 0.5
"""Texts indented by more, in character heights, stand deeper than others."""
_RULED = 0.5
"""Share of the region's width from which on a boundary is ruled."""
_MIDST = "(%)&"
"""Begin no phrase."""
FEATURES = (
    "always",
    "pitch",
    "gap",
    "ruling",
    "ruling missed",
    "overlap",
    "numbers below numbers",
    "room left",
    "no room left",
    "open end",
    "small letters",
    "first column missing",
    "usual columns filled",
    "usual columns filled above",
    "new columns",
    "children",
    "across columns alone",
    "first column alone",
    "even pitch",
    "outdented",
)


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A text line by columns; a word over several columns stands in none of them."""

    line: TextLine
    cells: dict[int, list[Word]]
    numbers: frozenset[int]
    """The columns that hold numbers alone."""
    wide: tuple[tuple[int, int], ...] = ()
    """First and last column of each word over several."""


def is_number(text: str) -> bool:
    """True for digits without letters, and for the marks that stand in columns of numbers."""
    return bool(_NUMBER.match(text.strip()))


def goes_on(above: str, below: str) -> bool:
    """True where a text ends as no phrase does, or the next line begins as none does."""
    start = below.lstrip()[:1]
    return bool(_OPEN_END.search(above.rstrip().lower())) or start.islower() or start in _MIDST


def by_columns(line: TextLine, col_bounds: Sequence[float], height: float) -> ColumnLine:
    """The line's words by column. ``height``: character height."""
    cells: dict[int, list[Word]] = {}
    wide: list[tuple[int, int]] = []
    for word in line.words:
        first, last = columns_of(word.box.x0, word.box.x1, col_bounds, 0.3 * height)
        if first == last:
            cells.setdefault(first, []).append(word)
        else:
            wide.append((first, last))
    numbers = [col for col in cells if is_number(" ".join(word.text for word in cells[col]))]
    return ColumnLine(line, cells, frozenset(numbers), tuple(wide))


class Boundaries:
    """Evidence about the place above each text line of one region but the first."""

    def __init__(
        self, lines: Sequence[ColumnLine], rulings: Sequence[Ruling], box: Box, height: float
    ) -> None:
        self._lines = lines
        self._box = box
        self._height = height
        self._horizontal = [ruling for ruling in rulings if ruling.horizontal]
        pairs = list(itertools.pairwise(lines))
        pitches = [b.line.center - a.line.center for a, b in pairs]
        self._ruled = [self._coverage(a.line, b.line) for a, b in pairs]
        self._pitches = _loose_beside_rulings(pitches, self._ruled, height)
        self.are_even = not any(self._pitches)
        """Whether no line is farther from the one above than the others are."""
        self._is_even = len(pitches) >= _EVEN_LINES and max(pitches) < _EVEN * min(pitches)
        self._ruling_habit = sum(share > _RULED for share in self._ruled) / max(1, len(self._ruled))
        self._widths = _widths(lines)
        self._small = _small_columns(lines)
        filled = [col for line in lines for col in line.cells]
        self._edges = [line.cells[0][0].box.x0 for line in lines if 0 in line.cells]
        self._usual = [col for col in sorted(set(filled)) if filled.count(col) >= 0.5 * len(lines)]

    def features(self, index: int) -> list[float]:
        """The values of FEATURES for the boundary above line ``index`` (1 or more)."""
        above, below = self._lines[index - 1], self._lines[index]
        gap = (below.line.top - above.line.bottom) / self._height
        ruled = self._ruled[index - 1]
        return [
            1.0,
            self._pitches[index - 1],
            max(-1.0, min(2.0, gap - 0.7)),
            ruled,
            self._ruling_habit * (1 - ruled),
            float(gap < -0.35),
            *self._texts(above, below),
            *self._filling(above, below),
            float(self._is_even),
            float(self._is_outdented(above, below)),
        ]

    def _coverage(self, above: TextLine, below: TextLine) -> float:
        """Share of the region's width that has a ruling between the lines."""
        covered = sum(
            min(ruling.end, self._box.x1) - max(ruling.start, self._box.x0)
            for ruling in self._horizontal
            if above.center < ruling.at < below.center
        )
        return min(1.0, max(0.0, covered) / max(1.0, self._box.width))

    def _is_outdented(self, above: ColumnLine, below: ColumnLine) -> bool:
        """True where a new phrase in the first column goes back from an indent to the edge of other lines."""
        if 0 not in above.cells or 0 not in below.cells:
            return False
        upper, lower = above.cells[0], below.cells[0]
        if goes_on(upper[-1].text, lower[0].text):
            return False
        deep, edge = upper[0].box.x0, lower[0].box.x0
        near = _INDENT * self._height
        on_edge = edge < min(self._edges) + near and self._count_at(edge, near) > 1
        return deep - edge > near and on_edge and self._count_at(deep, near) > 1

    def _count_at(self, at: float, near: float) -> int:
        """How many texts of the first column begin there."""
        return sum(abs(x - at) < near / 2 for x in self._edges)

    def _texts(self, above: ColumnLine, below: ColumnLine) -> list[float]:
        """From the columns that both lines fill."""
        shared = above.cells.keys() & below.cells.keys()
        numbers = shared & above.numbers & below.numbers
        texts = sorted(shared - below.numbers)
        room = [_has_room(above.cells[col], below.cells[col], self._widths[col]) for col in texts]
        ends = [above.cells[col][-1].text.rstrip().lower() for col in texts]
        starts = [below.cells[col][0].text.lstrip()[:1] for col in texts if col not in self._small]
        return [
            min(2.0, float(len(numbers))),
            float(any(room)),
            float(bool(room) and not any(room)),
            float(any(_OPEN_END.search(end) for end in ends)),
            min(2.0, float(sum(start.islower() or start in _MIDST for start in starts if start))),
        ]

    def _filling(self, above: ColumnLine, below: ColumnLine) -> list[float]:
        usual = self._usual
        return [
            float(0 in usual and 0 not in below.cells),
            sum(col in below.cells for col in usual) / max(1, len(usual)),
            sum(col in above.cells for col in usual) / max(1, len(usual)),
            float(any(col not in above.cells for col in below.cells)),
            float(any(_has_children(span, below) for span in above.wide)),
            float(bool(below.wide) and not below.cells and bool(above.cells)),
            float(below.cells.keys() == {0} and not below.wide),
        ]


def _loose_beside_rulings(pitches: Sequence[float], ruled: Sequence[float], height: float) -> list[float]:
    """As `_loose` has them, those without a ruling compared with each other alone: the space that a ruling
    takes makes no other narrow."""
    found = _loose(pitches, height)
    plain = [index for index, share in enumerate(ruled) if share <= _RULED]
    if len(plain) >= _EVEN_LINES:
        for index, value in zip(plain, _loose([pitches[i] for i in plain], height), strict=True):
            found[index] = value
    return found


def _loose(pitches: Sequence[float], height: float) -> list[float]:
    """-1..1 for each pitch: wide ones part rows where narrow ones join lines; 0 where all are alike."""
    ordered = sorted(pitches)
    if len(ordered) < 2:
        return [0.0] * len(pitches)
    cut = max(range(1, len(ordered)), key=lambda i: ordered[i] - ordered[i - 1])
    narrow, wide = median(ordered[:cut]), median(ordered[cut:])
    if wide < 1.2 * narrow or wide - narrow < 0.3 * height:
        return [0.0] * len(pitches)
    middle = (ordered[cut] + ordered[cut - 1]) / 2
    strength = min(1.0, (ordered[cut] - ordered[cut - 1]) / (0.4 * height))
    return [strength * (1 if pitch > middle else -1) for pitch in pitches]


def _widths(lines: Sequence[ColumnLine]) -> dict[int, float]:
    """How wide the text of each column gets."""
    widths: dict[int, float] = {}
    for line in lines:
        for col, words in line.cells.items():
            widths[col] = max(widths.get(col, 0.0), words[-1].box.x1 - words[0].box.x0)
    return widths


def _has_children(span: tuple[int, int], below: ColumnLine) -> bool:
    """True where a word over several columns stands above words in two of them."""
    return sum(span[0] <= col <= span[1] for col in below.cells) >= 2


def _small_columns(lines: Sequence[ColumnLine]) -> set[int]:
    """Columns in which small letters begin most texts, so that one says nothing."""
    starts: dict[int, list[bool]] = {}
    for line in lines:
        for col, words in line.cells.items():
            starts.setdefault(col, []).append(words[0].text[:1].islower())
    return {col for col, small in starts.items() if sum(small) > 0.5 * len(small)}


def _has_room(above: Sequence[Word], below: Sequence[Word], width: float) -> bool:
    """True where the lower text's first word would have fitted behind the upper text."""
    following = below[0].text.strip()
    first = following.split()[0] if following else ""
    needed = below[0].box.width * (len(first) + 1) / max(1, len(following))
    return above[-1].box.x1 - above[0].box.x0 + needed < width
