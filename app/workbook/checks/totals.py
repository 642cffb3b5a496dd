"""Lines that add up others: totals below or above their parts, subtotals within, means, differences.

Read from one end, lines not yet used up lie on a stack; a line that equals the last ones together replaces
them, as a subtotal does, so that hierarchies come by themselves. Whether a line adds up others is decided by
weighing: each lane (column of a total row) where it does counts by how unlikely that is by chance, in powers
of ten, against the number of ways tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.workbook.checks.amounts import Axis, Line
from app.workbook.checks.lanes import Lane, has_repair, lanes_of, wanted
from app.workbook.checks.misreadings import surprise
from app.workbook.checks.relation import Kind, Relation, Remedy
from app.workbook.checks.stack import Stack

_LONGEST = 400
"""Lines that one total may add up."""
_LONGEST_UNNAMED = 60
_ENOUGH = 3.0
"""Powers of ten against chance from which a relation is taken for meant."""
_NAMED = 2.0
"""What the label adds to it."""
_BROKEN = 1.2
"""What a lane takes away in which it does not hold."""
_HARDLY_CHANCE = 0.5
"""Powers of ten against one misread character explaining a lane by chance."""
_LIKELY = 0.9
"""Powers of ten by which a line that is named a total and holds nowhere must be explained."""
_SURELY_EXACT = 5
"""Numbers that were rounded one by one hardly ever add up exactly in so many lanes."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: Kind
    line: Line
    used: int
    """Lines of the stack."""
    lanes: tuple[Lane, ...]
    score: float


def totals(axis: Axis) -> list[Relation]:
    """The relation of every lane of every line that adds up others, held or not."""
    best: dict[int, _Candidate] = {}
    for lines in (axis.lines, axis.lines[::-1]):
        for candidate in _one_way(lines):
            other = best.get(candidate.line.index)
            if other is None or candidate.score > other.score:
                best[candidate.line.index] = candidate
    held = [lane for item in best.values() for lane in item.lanes if lane.holds]
    exact = sum(lane.result.value == lane.expected for lane in held)
    return [
        relation
        for item in best.values()
        for relation in _relations(item, axis, unrounded=exact >= _SURELY_EXACT and exact > 0.9 * len(held))
    ]


def _one_way(lines: Sequence[Line]) -> Iterator[_Candidate]:
    stack = Stack(len(lines[0].amounts) if lines else 0)
    for line in lines:
        if not any(line.amounts):
            continue
        found = _best(line, stack)
        if found is not None:
            yield found
            stack.drop(found.used)
        stack.push(line)


def _best(line: Line, stack: Stack) -> _Candidate | None:
    if len(stack) < 2:
        return None
    candidates = [c for c in _candidates(line, stack) if c.score >= _ENOUGH]
    if not candidates and line.is_total and not line.is_mean:
        candidates = list(_broken_everywhere(line, stack.lines))
    return max(candidates, key=lambda candidate: candidate.score, default=None)


def _candidates(line: Line, stack: Stack) -> Iterator[_Candidate]:
    most = min(len(stack), _LONGEST if line.is_total or line.is_mean else _LONGEST_UNNAMED)
    tries = math.log10(2 * most)
    for used, kind in stack.promising(line, most):
        lanes = lanes_of(line, stack.lines[len(stack) - used :], kind)
        price = tries + (1.5 if kind is Kind.DIFFERENCE else 0.0)
        bonus = _NAMED if (line.is_total and kind is Kind.SUM) or line.is_mean else 0.0
        yield _Candidate(kind, line, used, lanes, _score(lanes) + bonus - price)


def _score(lanes: Sequence[Lane]) -> float:
    held = sum(lane.weight for lane in lanes if lane.holds)
    return held - _BROKEN * sum(not lane.holds for lane in lanes)


def _broken_everywhere(line: Line, stack: Sequence[Line]) -> Iterator[_Candidate]:
    """A line that its label names a total: of what, one misread character in a lane must tell."""
    for used in range(2, min(len(stack), _LONGEST) + 1):
        block = stack[len(stack) - used :]
        lanes = lanes_of(line, block, Kind.SUM)
        explained = [lane for lane in lanes if has_repair(lane, Kind.SUM, lane.tolerance)]
        choice = 0.0 if used == len(stack) else math.log10(used)
        weight = sum(surprise([lane.result], lane.tolerance) for lane in explained) - choice
        if len(explained) == len(lanes) and weight > _LIKELY:
            yield _Candidate(Kind.SUM, line, used, lanes, weight)


def _relations(candidate: _Candidate, axis: Axis, *, unrounded: bool) -> Iterator[Relation]:
    for lane in candidate.lanes:
        tolerance = Decimal(0) if unrounded and candidate.kind is not Kind.MEAN else lane.tolerance
        broken = abs(lane.result.value - lane.expected) > tolerance
        if broken and not _is_worth_telling(lane, candidate, tolerance):
            continue
        remedies = (
            Remedy(axis.position(candidate.line.index if at is None else at, lane.index), value, tolerance)
            for at, _, value in wanted(lane, candidate.kind)
        )
        yield Relation(
            candidate.kind,
            axis.position(candidate.line.index, lane.index),
            tuple(axis.position(line, lane.index) for line, _ in lane.items),
            lane.result.value,
            lane.expected,
            tolerance,
            tuple(remedies) if broken else (),
        )


def _is_worth_telling(lane: Lane, candidate: _Candidate, tolerance: Decimal) -> bool:
    """Where one misread character explains the difference, or most other lanes hold."""
    held = sum(other.holds for other in candidate.lanes)
    if has_repair(lane, candidate.kind, tolerance):
        return held > 2 or surprise([lane.result], tolerance) > _HARDLY_CHANCE
    near = abs(lane.result.value - lane.expected) < abs(lane.expected) / 2
    return held >= 3 and held >= 3 * (len(candidate.lanes) - held) and near
