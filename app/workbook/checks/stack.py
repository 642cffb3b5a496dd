"""Lines not yet used up, with running sums: which of the last ones together may make another line.

A running sum of numbers that are not negative only rises, so the place where it has grown by as much as the
other line is found by bisection: the cost grows with the lines and not with their square.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from app.workbook.checks.axes import Line
from app.workbook.checks.relation import Kind


def _rounded(used: int) -> float:
    """Three standard deviations of the sum of so many rounding errors and one."""
    return 0.87 * math.sqrt(used + 1)


LONGEST = 400
"""Lines that are tried one after the other as parts of a total; one that is named may add up any number."""
LONGEST_DIFFERENCE = 4
_MOST_TRIED = 200_000
"""Amounts that a pass over a table looks at for totals that hold nowhere or add up very many lines."""
_SAMPLED = 16
_NEEDED = 4
"""Of many lanes, those that decide whether all are looked at, and how many of them must agree."""
_ROUNDED = [_rounded(used) for used in range(LONGEST + 1)]
_DUST = 1e-9
"""Share of a running sum that is lost to binary fractions."""

_Lane = tuple[list[float], float, float]
"""Running sums, the other line's number and the coarsest unit of a last digit."""


class Stack:
    """The lines from the oldest on."""

    def __init__(self, width: int, *, parents_follow: bool) -> None:
        self.parents_follow = parents_follow
        """Whether the hierarchy's lines come after their parts."""
        self.lines: list[Line] = []
        self._sums: list[list[float]] = [[0.0] for _ in range(width)]
        self._units: list[float] = [0.0] * width
        """The coarsest of each lane so far."""
        self._left = _MOST_TRIED
        self._linked: list[int] = []
        """How many lines up to each one have a lane in common with the next."""
        self._falls: list[bool] = []
        """Whether each line has a negative number."""
        self._divisions: set[int] = set()
        """Heights at which a line without numbers stood: the heading of a section."""

    def __len__(self) -> int:
        return len(self.lines)

    def push(self, line: Line) -> None:
        """Puts a line on top."""
        linked = bool(self.lines) and not line.lanes.isdisjoint(self.lines[-1].lanes)
        self._linked.append(self._linked[-1] + 1 if linked else 1)
        self._falls.append(bool(line.numbers) and min(line.numbers) < 0)
        self.lines.append(line)
        for sums, number in zip(self._sums, line.numbers, strict=True):
            sums.append(sums[-1] + number)
        for lane, _, unit in line.filled:
            if unit > self._units[lane]:
                self._units[lane] = unit

    def drop(self, count: int) -> list[Line]:
        """Takes the last lines away and gives them."""
        kept = len(self.lines) - count
        dropped = self.lines[kept:]
        for column in (self.lines, self._linked, self._falls):
            del column[kept:]
        for sums in self._sums:
            del sums[kept + 1 :]

        self._divisions = {height for height in self._divisions if height < kept}
        return dropped

    def divide(self) -> None:
        """A line without numbers stands here."""
        self._divisions.add(len(self.lines))

    def deeper(self, line: Line) -> int:
        """How many of the last lines stand deeper in the hierarchy than this one."""
        count = 0
        for other in reversed(self.lines if line.level is not None else ()):
            if other.level is None or other.level <= (line.level or 0):
                break
            count += 1
        return count

    def may_spend(self, amounts: int) -> bool:
        """Whether so many amounts may still be looked at."""
        self._left -= amounts
        return self._left > 0

    def natural(self) -> set[int]:
        """How many of the last lines a total is likely to add up: all, those of its section, those since the
        last total."""
        height = len(self.lines)
        since = next((i + 1 for i in range(height - 1, -1, -1) if self.lines[i].is_total), 0)
        section = max((place for place in self._divisions if place < height), default=0)
        return {height, height - since, height - section} - {0}

    def promising(self, line: Line, most: int) -> Iterator[tuple[int, Kind]]:
        """How many of the last lines make the line in one lane at least, roughly; at most ``most``. Lines of
        different parts of the table, which have no lane in common, are not put together. Of many lanes some
        are looked at, and several of them must agree."""
        linked = 1 + self._linked[-2] if len(self.lines) >= 2 else most
        longer = [used for used in self.natural() if most < used <= linked] if line.is_total else []
        most = min(most, linked)
        units = self._units
        lanes = [(self._sums[i], n, max(unit, units[i])) for i, n, unit in line.filled if n]
        needed = 1
        if len(lanes) > _SAMPLED:
            lanes, needed = lanes[:: -(-len(lanes) // _SAMPLED)], _NEEDED
        if line.is_mean:
            yield from ((used, Kind.MEAN) for used in self._means(lanes, most))
            return
        sums, differences = self._totals(lanes, most), self._differences(lanes, most)
        for used in sorted(sums.keys() | differences.keys()):
            if sums[used] >= needed:
                yield used, Kind.SUM
            if differences[used] >= needed:
                yield used, Kind.DIFFERENCE
        yield from ((used, Kind.SUM) for used in longer if self._is_total(lanes, used, needed))

    def _is_total(self, lanes: Sequence[_Lane], used: int, needed: int) -> bool:
        """Whether so many of the last lines add up to lanes, roughly."""
        rounded = _rounded(used)
        agreeing = sum(
            abs(sums[-1] - sums[-1 - used] - number) <= unit * rounded + _DUST * abs(sums[-1])
            for sums, number, unit in lanes
        )
        return agreeing >= needed and self.may_spend(used * len(self._sums))

    def levels(self, line: Line, used: int) -> set[int]:
        """The lanes in which the line's number lies among those of the last lines and is not their sum."""
        found: set[int] = set()
        for lane, number, unit in line.filled:
            values = [value for other in self.lines[-used:] if (value := other.numbers[lane])]
            room = 2 * max(unit, self._units[lane]) * _rounded(used)
            level = len(values) >= 2 and 0 <= min(values) <= number <= max(values)
            if level and sum(values) - number > room:
                found.add(lane)
        return found

    def _totals(self, lanes: Sequence[_Lane], most: int) -> Counter[int]:
        """The numbers of last lines that add up to lanes, with the lanes' number."""
        last = len(self.lines)
        rising = not any(self._falls[last - most :])
        if rising:
            first = max(0, last - most)
            if not any(_is_reached(*lane, first, last) for lane in lanes):
                return Counter()
            outgrown = [last + 1 - bisect_left(sums, sums[last] - 2 * number) for sums, number, _ in lanes]
            most = min(most, max([LONGEST_DIFFERENCE, *outgrown]))
        found: Counter[int] = Counter()
        first, end = max(0, last - most), last - 1
        for sums, number, unit in lanes:
            wanted, dust = sums[last] - number, _DUST * abs(sums[last])
            low, high = first, end
            if rising:
                slack = unit * _ROUNDED[most] + dust
                low = bisect_left(sums, wanted - slack, first, end)
                if low == end or sums[low] > wanted + slack:
                    continue
                high = bisect_right(sums, wanted + slack, low, end)
            for place in range(low, high):
                if abs(sums[place] - wanted) <= unit * _ROUNDED[last - place] + dust:
                    found[last - place] += 1
        return found

    def _means(self, lanes: Sequence[_Lane], most: int) -> Iterator[int]:
        last = len(self.lines)
        for used in range(2, most + 1):
            if any(
                abs(number - (sums[last] - sums[last - used]) / used) <= 2 * unit
                for sums, number, unit in lanes
            ):
                yield used

    def _differences(self, lanes: Sequence[_Lane], most: int) -> Counter[int]:
        """The numbers of last lines of which the first less the others makes lanes, with their number."""
        found, spans = Counter[int](), range(2, min(most, LONGEST_DIFFERENCE) + 1)
        for sums, number, unit in lanes:
            reach, dust = number + sums[-1], _DUST * abs(sums[-1])
            widest = unit * _ROUNDED[LONGEST_DIFFERENCE] + dust
            for used in spans:
                off = reach - 2 * sums[-used] + sums[-used - 1]
                if -widest <= off <= widest and abs(off) <= unit * _ROUNDED[used] + dust:
                    found[used] += 1
        return found


def _is_reached(sums: list[float], number: float, unit: float, first: int, last: int) -> bool:
    """Whether rising sums between the places come near to the last one less the number."""
    wanted = sums[last] - number
    slack = unit * _ROUNDED[last - first] + _DUST * abs(sums[last])
    place = bisect_left(sums, wanted - slack, first, last - 1)
    return place < last - 1 and sums[place] <= wanted + slack
