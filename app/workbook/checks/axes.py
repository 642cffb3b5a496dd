"""A table as lines that may add up, by its rows and by its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from app.tables.grid import Table
from app.tables.text import clean
from app.workbook.checks.amounts import Amount, Amounts, Position
from app.workbook.checks.levels import levels_of
from app.workbook.checks.words import names_mean, names_part, names_total

_NOTHING = re.compile(r"(?i)[\s.:·…*†‡x–—−-]*|n\.?\s?[ad]\.?|n/a|k\.\s?a\.?|nil")
"""Signs for nothing, which count as zero."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column, as one thing that may be the sum of others."""

    index: int
    label: str
    amounts: tuple[Amount | None, ...]
    """None: nothing there, which counts as zero."""
    opaque: frozenset[int]
    """Where something stands that is no number."""
    level: int | None = None
    """How deep it stands in the table's hierarchy, the whole at 0; None: the table shows none."""
    numbers: tuple[float, ...] = field(init=False, repr=False)
    """The amounts for rough sums, 0 where there is none."""
    lanes: frozenset[int] = field(init=False, repr=False)
    """Where an amount stands."""
    filled: tuple[tuple[int, float, float], ...] = field(init=False, repr=False)
    """Of each amount: where it stands, its number and the unit of its last digit."""
    is_total: bool = field(init=False, repr=False)
    """Whether the label says that the line adds up others."""
    is_mean: bool = field(init=False, repr=False)
    """Whether the label says that the line holds means."""
    is_part: bool = field(init=False, repr=False)
    """Whether the label says that the line is a part of the line before, one among others: of which."""

    def __post_init__(self) -> None:
        filled = [(i, amount.number, amount.unit) for i, amount in enumerate(self.amounts) if amount]
        numbers = [amount.number if amount else 0.0 for amount in self.amounts]
        object.__setattr__(self, "numbers", tuple(numbers))
        object.__setattr__(self, "lanes", frozenset([lane for lane, _, _ in filled]))
        object.__setattr__(self, "filled", tuple(filled))
        object.__setattr__(self, "is_total", names_total(self.label))
        object.__setattr__(self, "is_mean", names_mean(self.label))
        object.__setattr__(self, "is_part", names_part(self.label))

    @property
    def is_filled(self) -> bool:
        """Whether it has a number."""
        return bool(self.filled)


@dataclass(frozen=True, slots=True)
class Axis:
    """A table as lines along one axis; what stands at the same place in each line may add up."""

    lines: tuple[Line, ...]
    by_rows: bool

    def position(self, line: int, lane: int) -> Position:
        """Where the lane's amount in a line stands in the table."""
        return (line, lane) if self.by_rows else (lane, line)


def axes_of(table: Table, amounts: Amounts) -> tuple[Axis, Axis]:
    """The table by its rows and by its columns."""
    texts: dict[Position, str] = {}
    opaque: set[Position] = set()
    for cell in table.cells:
        place = (cell.row, cell.col)
        if place in amounts:
            continue
        text = clean(cell.text)
        if cell.row_span == cell.col_span == 1:
            texts[place] = text
        else:
            texts |= dict.fromkeys(cell.positions(), text)
        if not _NOTHING.fullmatch(text):
            opaque.add(place)
    rows = tuple(_rows(table, amounts, texts, opaque))
    cols = tuple(_columns(table, amounts, texts, opaque))
    return Axis(rows, by_rows=True), Axis(cols, by_rows=False)


def _rows(
    table: Table, amounts: Amounts, texts: Mapping[Position, str], opaque: Set[Position]
) -> Iterator[Line]:
    """A row goes by its first text that is no number."""
    levels, cols = levels_of(table), range(table.cols)
    for row in range(table.header_rows, table.rows):
        yield Line(
            row,
            next((text for col in cols if (text := texts.get((row, col)))), ""),
            tuple([amounts.get((row, col)) for col in cols]),
            frozenset([col for col in cols if (row, col) in opaque]),
            levels.get(row),
        )


def _columns(
    table: Table, amounts: Amounts, texts: Mapping[Position, str], opaque: Set[Position]
) -> Iterator[Line]:
    """A column goes by its headers."""
    body = range(table.header_rows, table.rows)
    filled = {col for _, col in amounts}
    for col in sorted(filled):
        yield Line(
            col,
            " ".join(dict.fromkeys(texts[row, col] for row in range(table.header_rows))),
            tuple([amounts.get((row, col)) for row in range(table.rows)]),
            frozenset([row for row in body if (row, col) in opaque]),
        )
