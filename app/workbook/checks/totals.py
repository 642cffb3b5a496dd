"""Lines that add up others: totals below or above their parts, subtotals within, means, differences.

Read from one end, lines not yet used up lie on a stack; a line that equals the last ones together replaces
them, as a subtotal does, so that hierarchies come by themselves. Whether a line adds up others is decided by
weighing: each lane (column of a total row) where it does counts by how unlikely that is by chance, in powers
of ten, against the number of ways tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from app.workbook.checks.amounts import Axis, Line
from app.workbook.checks.exactness import adds_up_exactly
from app.workbook.checks.lanes import Lane, has_exchanged_digit, has_repair, lanes_of, wanted
from app.workbook.checks.relation import Kind, Relation, Remedy
from app.workbook.checks.stack import Stack

_LONGEST = 400
"""Lines that one total may add up."""
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


@dataclass(frozen=True, slots=True)
class _Candidate:
    axis: Axis
    kind: Kind
    line: Line
    used: int
    """Lines of the stack."""
    lanes: tuple[Lane, ...]
    score: float


def totals(axes: Iterable[Axis]) -> list[Relation]:
    """The relation of every lane of every line that adds up others, held or not."""
    chosen = [candidate for axis in axes for candidate in _both_ways(axis)]
    exact = adds_up_exactly(lane for candidate in chosen for lane in candidate.lanes if lane.holds)
    return [relation for candidate in chosen for relation in _relations(candidate, unrounded=exact)]


def _both_ways(axis: Axis) -> list[_Candidate]:
    """The best sum or mean of each line, and the best difference."""
    best: dict[tuple[int, bool], _Candidate] = {}
    for lines in (axis.lines, axis.lines[::-1]):
        for candidate in _one_way(axis, lines):
            key = candidate.line.index, candidate.kind is Kind.DIFFERENCE
            if key not in best or candidate.score > best[key].score:
                best[key] = candidate
    return list(best.values())


def _one_way(axis: Axis, lines: Sequence[Line]) -> Iterator[_Candidate]:
    stack = Stack(len(lines[0].amounts) if lines else 0)
    filled = [line for line in lines if any(line.amounts)]
    for line in lines:
        if not any(line.amounts):
            stack.divide()
            continue
        found = _best(axis, line, stack, is_last=line is filled[-1])
        if found is not None:
            yield found
            stack.drop(found.used)
        stack.push(line)


def _best(axis: Axis, line: Line, stack: Stack, *, is_last: bool) -> _Candidate | None:
    if len(stack) < 2:
        return None
    candidates = [c for c in _candidates(axis, line, stack) if c.score >= _ENOUGH]
    if not candidates and not line.is_mean and (line.is_total or is_last):
        blocks = stack.natural() if line.is_total else {len(stack)}
        candidates = list(_broken_everywhere(axis, line, stack, blocks))
    return max(candidates, key=lambda candidate: candidate.score, default=None)


def _candidates(axis: Axis, line: Line, stack: Stack) -> Iterator[_Candidate]:
    most = min(len(stack), _LONGEST if line.is_total or line.is_mean else _LONGEST_UNNAMED)
    for used, kind in stack.promising(line, most):
        lanes = lanes_of(line, stack.lines[len(stack) - used :], kind)
        score = _score(lanes, _prior(line, stack, used, kind, most))
        yield _Candidate(axis, kind, line, used, lanes, score)


def _prior(line: Line, stack: Stack, used: int, kind: Kind, most: int) -> float:
    """What speaks for the candidate before its numbers are looked at: the label, less the ways tried."""
    tries = math.log10(2 * most)
    if kind is Kind.DIFFERENCE:
        return -1.5 - tries
    if line.is_total and kind is Kind.SUM:
        return _NAMED + _NATURAL if used in stack.natural() else _NAMED - tries
    return _NAMED - tries if line.is_mean else -tries


def _score(lanes: Sequence[Lane], prior: float) -> float:
    """Lanes that may be means say nothing."""
    score = prior + sum(lane.weight for lane in lanes if lane.holds)
    broken = [lane for lane in lanes if not lane.holds and not lane.is_level]
    score -= _BROKEN * len(broken)
    if len(broken) == 1 and score >= _ENOUGH - _MOST_EXPLAINED and has_exchanged_digit(broken[0]):
        score += min(_MOST_EXPLAINED, broken[0].surprise)
    return score


def _broken_everywhere(axis: Axis, line: Line, stack: Stack, blocks: Set[int]) -> Iterator[_Candidate]:
    """A line that must be a total, by its label or as the last one: of what, one misread digit in a lane must
    tell."""
    needed = _LIKELY if line.is_total else _ENOUGH
    for used in (block for block in blocks if block >= 2):
        lanes = lanes_of(line, stack.lines[len(stack) - used :], Kind.SUM)
        lanes = tuple(lane for lane in lanes if not lane.is_level)
        weight = sum(lane.surprise for lane in lanes) - math.log10(len(blocks))
        if weight > needed and all(map(has_exchanged_digit, lanes)):
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
