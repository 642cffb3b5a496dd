"""Lines that add up others: totals below or above their parts, subtotals within, means, differences.

Read from one end, lines not yet used up lie on a stack; a line that equals the last ones together replaces
them, as a subtotal does, so that hierarchies come by themselves. Whether a line adds up others is decided by
weighing: each lane (column of a total row) where it does counts by how unlikely that is by chance, in powers
of ten, against the number of ways tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from app.workbook.checks.axes import Axis, Line
from app.workbook.checks.exactness import adds_up_exactly
from app.workbook.checks.lanes import Lane, has_exchanged_digit, has_repair, lanes_of, wanted
from app.workbook.checks.relation import Kind, Relation, Remedy
from app.workbook.checks.stack import LONGEST, Stack

_LONGEST_UNNAMED = 60
_ENOUGH = 3.0
"""Powers of ten against chance from which a relation is taken for meant."""
_NAMED = 2.0
"""What the label adds to it."""
_NATURAL = 1.0
"""What it adds where a total adds up all that it can."""
_BROKEN = 1.2
"""What a lane takes away in which it does not hold; less where one digit explains that."""
_MOST_EXPLAINED = 3.0
"""What one digit that explains a lane gives back at most."""
_HARDLY_CHANCE = 0.5
"""Powers of ten against one misread character explaining a lane by chance."""
_LIKELY = 0.5
"""Powers of ten by which a line that is named a total and holds nowhere must be explained."""
_SHOWN = 1.5
"""And one whose parts the hierarchy shows."""
_FEW = 2
"""Lanes in which it may be wrong."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    axis: Axis
    kind: Kind
    line: Line
    used: int
    """Lines of the stack."""
    lanes: tuple[Lane, ...]
    score: float

    @property
    def holds_somewhere(self) -> bool:
        return any(lane.holds for lane in self.lanes)


def totals(axes: Iterable[Axis]) -> list[Relation]:
    """The relation of every lane of every line that adds up others, held or not."""
    chosen = [candidate for axis in axes for candidate in _both_ways(axis)]
    exact = adds_up_exactly(lane for candidate in chosen for lane in candidate.lanes if lane.holds)
    return [relation for candidate in chosen for relation in _relations(candidate, unrounded=exact)]


def _both_ways(axis: Axis) -> list[_Candidate]:
    """The best sum or mean of each line, and the best difference."""
    best: dict[tuple[int, bool], _Candidate] = {}
    follow = _parents_follow(axis.lines)
    for lines, after in ((axis.lines, follow), (axis.lines[::-1], not follow)):
        for candidate in _one_way(axis, lines, parents_follow=after):
            key = candidate.line.index, candidate.kind is Kind.DIFFERENCE
            if key not in best or candidate.score > best[key].score:
                best[key] = candidate
    return list(best.values())


def _one_way(axis: Axis, lines: Sequence[Line], *, parents_follow: bool) -> Iterator[_Candidate]:
    stack = Stack(len(lines[0].amounts) if lines else 0, parents_follow=parents_follow)
    last = next((line for line in reversed(lines) if line.is_filled), None)
    for line in lines:
        if not line.is_filled:
            stack.divide()
            continue
        found = _best(axis, line, stack, is_last=line is last)
        if (found is None or not found.holds_somewhere) and (others := stack.deeper(line)):
            # parts of a line before this one
            parts = stack.drop(others)
            without = _best(axis, line, stack, is_last=line is last)
            if found is not None and without is None:
                for part in parts:
                    stack.push(part)
            found = without or found
        if found is not None:
            yield found
            stack.drop(found.used)
        stack.push(line)


def _best(axis: Axis, line: Line, stack: Stack, *, is_last: bool) -> _Candidate | None:
    if len(stack) < 2:
        return None
    candidates = [c for c in _candidates(axis, line, stack) if c.score >= _ENOUGH]
    if not candidates and not line.is_mean:
        candidates = list(_broken_everywhere(axis, line, stack, is_last=is_last))
    return max(candidates, key=lambda candidate: candidate.score, default=None)


def _candidates(axis: Axis, line: Line, stack: Stack) -> Iterator[_Candidate]:
    most = min(len(stack), LONGEST if line.is_total or line.is_mean else _LONGEST_UNNAMED)
    for used, kind in stack.promising(line, most):
        lanes = tuple(lanes_of(line, stack.lines[len(stack) - used :], kind))
        score = _score(lanes, _prior(line, stack, used, kind, most))
        yield _Candidate(axis, kind, line, used, lanes, score)


def _parents_follow(lines: Sequence[Line]) -> bool:
    """Whether lines stand behind their parts in a hierarchy: one of the highest does not come first."""
    levels = [line.level for line in lines if line.is_filled and line.level is not None]
    return bool(levels) and levels[0] > min(levels)


def _children(line: Line, stack: Stack) -> set[int]:
    """How many of the last lines the hierarchy shows as parts of the line."""
    return {stack.deeper(line)} - {0} if stack.parents_follow else set()


def _prior(line: Line, stack: Stack, used: int, kind: Kind, most: int) -> float:
    """What speaks for the candidate before its numbers are looked at: the label, less the ways tried."""
    tries = math.log10(2 * most)
    if kind is Kind.DIFFERENCE:
        return -1.5 - tries
    if line.is_total and kind is Kind.SUM:
        return _NAMED + _NATURAL if used in stack.natural() else _NAMED - tries
    if kind is Kind.SUM and used in _children(line, stack):
        return _NATURAL
    return _NAMED - tries if line.is_mean else -tries


def _score(lanes: Sequence[Lane], prior: float) -> float:
    """Lanes that may be means say nothing."""
    score = prior + sum(lane.weight for lane in lanes if lane.holds)
    broken = [lane for lane in lanes if not lane.holds and not lane.is_level]
    score -= _BROKEN * len(broken)
    if len(broken) == 1 and score >= _ENOUGH - _MOST_EXPLAINED and has_exchanged_digit(broken[0]):
        score += min(_MOST_EXPLAINED, broken[0].surprise)
    return score


def _broken_everywhere(axis: Axis, line: Line, stack: Stack, *, is_last: bool) -> Iterator[_Candidate]:
    """A line that must be a total, by its label, its place in the hierarchy or as the last one: of what, one
    misread digit must tell, in two lanes at most."""
    blocks = {len(stack): _ENOUGH} if is_last else {}
    blocks |= dict.fromkeys(_children(line, stack), _SHOWN)
    blocks |= dict.fromkeys(stack.natural() if line.is_total else (), _LIKELY)
    for used, needed in blocks.items():
        if not 2 <= used <= LONGEST or not stack.may_spend(used * len(line.amounts)):
            continue
        lanes = lanes_of(line, stack.lines[len(stack) - used :], Kind.SUM, stack.levels(line, used))
        lanes = tuple(islice((lane for lane in lanes if not lane.is_level), _FEW + 1))
        weight = sum(lane.surprise for lane in lanes) - math.log10(len(blocks))
        few = len(lanes) == 1 or (len(lanes) == _FEW and line.is_total)
        if few and weight > needed and all(map(has_exchanged_digit, lanes)):
            yield _Candidate(axis, Kind.SUM, line, used, lanes, weight)


def _relations(candidate: _Candidate, *, unrounded: bool) -> Iterator[Relation]:
    axis, index = candidate.axis, candidate.line.index
    for lane in candidate.lanes:
        tolerance = Decimal(0) if unrounded and candidate.kind is not Kind.MEAN else lane.tolerance
        broken = not lane.holds or (not tolerance and not lane.is_exact)
        if broken and not _is_worth_telling(lane, candidate, tolerance):
            continue
        remedies = (
            Remedy(axis.position(index if at is None else at, lane.index), value, tolerance)
            for at, _, value in (wanted(lane) if broken else ())
        )
        yield Relation(
            candidate.kind,
            axis.position(index, lane.index),
            tuple(axis.position(line, lane.index) for line, _ in lane.items),
            lane.result.value,
            lane.expected,
            tolerance,
            tuple(remedies),
        )


def _is_worth_telling(lane: Lane, candidate: _Candidate, tolerance: Decimal) -> bool:
    """Where one misread character explains the difference, or most other lanes hold."""
    held = sum(other.holds for other in candidate.lanes)
    if lane.is_level:
        return held >= 2 and 2 * held >= len(candidate.lanes) and has_exchanged_digit(lane)
    if held and has_exchanged_digit(lane):
        return True
    if has_repair(lane, tolerance):
        return held > 2 or lane.surprise > _HARDLY_CHANCE
    near = abs(lane.result.value - lane.expected) < abs(lane.expected) / 2
    return held >= 3 and held >= 3 * (len(candidate.lanes) - held) and near
