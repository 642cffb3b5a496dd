"""The tables of one page: which of the local engine's tables belong to which of the answer's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median

from app.recognition.engine import FoundTable, Surroundings
from app.recognition.evidence import Word
from app.recognition.reconciling.compare import row_by_row
from app.recognition.reconciling.elsewhere import look_elsewhere
from app.recognition.reconciling.judge import judged
from app.recognition.reconciling.missing import completed
from app.recognition.reconciling.seen import Seen, lines_of, outside, rows_of
from app.recognition.reconciling.texts import key
from app.recognition.reconciling.trust import Case, Trust, fitted
from app.tables.geometry import Box, hull
from app.tables.grid import Table, Verdict

_SHARED = 0.3
"""Share of the smaller table's texts from which two tables are one."""

_TABLE = 0.9
"""Mean confidence of its cells from which a table that the answer lacks is put beside the others."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """The answer's tables of one page, compared, and what they lack."""

    tables: tuple[FoundTable, ...]
    restored: tuple[tuple[str, ...], ...] = ()
    reported: tuple[str, ...] = ()
    lost: tuple[FoundTable, ...] = ()
    """Local tables of which the answer says nothing."""


def reconcile_page(
    said: Sequence[FoundTable],
    local: Sequence[FoundTable],
    words: Sequence[Word],
    trust: Trust = fitted,
) -> PageResult:
    """The tables of the answer with a verdict for each cell."""
    partners = _partners([found.table for found in said], [found.table for found in local])
    loose = [piece for line in lines_of(outside(words, local)) for piece in line]
    known = frozenset(_known(said))
    tables: list[FoundTable] = []
    restored: list[tuple[str, ...]] = []
    reported: list[str] = []
    for index, found in enumerate(said):
        own = [local[i] for i in partners.get(index, ())]
        rows = [row for table in own for row in rows_of(table, words)] or lines_of(loose)
        comparison = row_by_row(found.table, rows)
        look_elsewhere(comparison, _in_columns(loose, own))
        result = completed(comparison, judged(comparison, trust), known, trust)
        tables.append(replace(found, table=result.table, box=_box(own)))
        restored += result.restored
        reported += result.reported if own else ()
    lost = [table for i, table in enumerate(local) if not any(i in own for own in partners.values())]
    lost = [table for table in lost if not _is_known(table, said)]
    sure = [_missing(table, trust) for table in lost if _is_table(table)]
    reported += [
        " ".join(c.text for c in table.table.cells if c.text) for table in lost if not _is_table(table)
    ]
    return PageResult(tuple(tables), tuple(restored), tuple(reported), tuple(sure))


def _is_table(found: FoundTable) -> bool:
    """Whether the local engine is sure enough of a table that the answer says nothing of; else it may be a
    list or a form, and its text is told of as any other."""
    confidences = [cell.confidence or 0.0 for cell in found.table.cells if cell.text]
    return bool(confidences) and mean(confidences) >= _TABLE


def _in_columns(loose: Sequence[Seen], own: Sequence[FoundTable]) -> list[Seen]:
    """The words, those above and below the columns of the one local table told which."""
    if len(own) != 1:
        return list(loose)
    columns = _columns(own[0].table)
    ends = [end for sides in columns.values() for end in sides]
    if ends != sorted(ends):  # the page lay on its side
        return list(loose)
    return [replace(piece, col=_column(piece, columns)) for piece in loose]


def _columns(table: Table) -> dict[int, tuple[float, float]]:
    """Left and right end of each column, the median of its cells."""
    sides: dict[int, list[Box]] = {}
    for cell in table.cells:
        if cell.box is not None and cell.col_span == 1:
            sides.setdefault(cell.col, []).append(cell.box)
    return {
        col: (median(box.x0 for box in boxes), median(box.x1 for box in boxes))
        for col, boxes in sorted(sides.items())
    }


def _column(piece: Seen, columns: Mapping[int, tuple[float, float]]) -> int:
    x = piece.box.center[0] if piece.box is not None else -1.0
    return next((col for col, (left, right) in columns.items() if left <= x < right), -1)


def _is_known(found: FoundTable, said: Sequence[FoundTable]) -> bool:
    """Whether most of what the table says stands somewhere in the answer, e.g. as prose."""
    tokens = _tokens(found.table)
    known = sum((_tokens(each.table) for each in said), Counter[str]())
    known.update(key(token) for each in said for text in _prose(each) for token in text.split())
    return 2 * (tokens & known).total() > tokens.total()


def _missing(found: FoundTable, trust: Trust) -> FoundTable:
    cells = tuple(
        replace(cell, confidence=trust(Case.MISSING, cell.confidence or 0.0), verdict=Verdict.MISSING)
        if cell.text
        else cell
        for cell in found.table.cells
    )
    return replace(found, table=replace(found.table, cells=cells))


def _known(said: Sequence[FoundTable]) -> set[str]:
    return {key(text) for found in said for text in _prose(found) if text}


def _prose(found: FoundTable) -> list[str]:
    """What the answer says around a table."""
    around = found.surroundings or Surroundings()
    return [found.table.title, *found.table.notes, *around.above, *around.below]


def _box(own: Sequence[FoundTable]) -> Box | None:
    return hull(found.box for found in own if found.box is not None)


def _partners(said: Sequence[Table], local: Sequence[Table]) -> dict[int, list[int]]:
    """Table of the answer → local tables, in their order: each goes where most of its text stands."""
    a = [_tokens(table) for table in said]
    b = [_tokens(table) for table in local]
    found: dict[int, list[int]] = {}
    for j, seen in enumerate(b):
        best = max(range(len(a)), key=lambda i: (a[i] & seen).total(), default=-1)
        if best >= 0 and (a[best] & seen).total() >= _SHARED * seen.total():
            found.setdefault(best, []).append(j)
    for i, wanted in enumerate(a):
        best = max(range(len(b)), key=lambda j: (wanted & b[j]).total(), default=-1)
        if i not in found and best >= 0 and (wanted & b[best]).total() >= _SHARED * wanted.total():
            found[i] = [best]
    return found


def _tokens(table: Table) -> Counter[str]:
    return Counter(key(token) for cell in table.cells for token in cell.text.split())
