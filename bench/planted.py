"""Faults that a vision-language model makes, planted in tables: each kind gives a table with one fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from app.tables.grid import Cell, Table
from bench.labels import norm

Places = dict[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A table with a fault."""

    kind: str
    table: Table | None
    """None: the answer lacks the whole table."""
    planted: Places = field(default_factory=dict)
    """Faulty cells of the answer → where their text belongs; altered and invented ones stay."""
    dropped: tuple[str, ...] = ()


def digit(rng: Random, table: Table) -> Fault | None:
    numbers = [c for c in table.cells if any(map(_ascii_digit, c.text))]
    if not numbers:
        return None
    cell = rng.choice(numbers)
    at = rng.choice([i for i, char in enumerate(cell.text) if _ascii_digit(char)])
    other = rng.choice([d for d in "0123456789" if d != cell.text[at]])
    text = cell.text[:at] + other + cell.text[at + 1 :]
    place = (cell.row, cell.col)
    return Fault("digit", _with(table, {place: text}), {place: place})


def row(rng: Random, table: Table) -> Fault | None:
    plain = [row for row in range(1, table.rows) if _is_plain(table, row) and _texts(table, row)]
    if not plain:
        return None
    gone = rng.choice(plain)
    cells = [replace(cell, row=cell.row - (cell.row > gone)) for cell in table.cells if cell.row != gone]
    kept = Table(table.rows - 1, table.cols, tuple(cells), table.header_rows)
    return Fault("row", kept, dropped=tuple(_texts(table, gone)))


def whole(rng: Random, table: Table) -> Fault | None:
    texts = tuple(c.text for c in table.cells if any(map(str.isalnum, c.text)))
    return Fault("table", None, dropped=texts) if texts else None


def collapsed(rng: Random, table: Table) -> Fault | None:
    rows = []
    for row in range(table.rows):
        filled = [c for c in table.cells if c.row == row and norm(c.text)]
        if _is_plain(table, row, across=True) and any(c.col != i for i, c in enumerate(filled)):
            rows.append(row)
    if not rows:
        return None
    row = rng.choice(rows)
    filled = [c for c in table.cells if c.row == row and norm(c.text)]
    others = [c for c in table.cells if c.row != row]
    shifted = [replace(c, col=i) for i, c in enumerate(filled)]
    planted = {(row, i): (row, c.col) for i, c in enumerate(filled) if c.col != i}
    cells = Table.from_cells(
        [*others, *shifted], rows=table.rows, cols=table.cols, header_rows=table.header_rows
    )
    return Fault("collapsed", cells, planted)


def invented(rng: Random, table: Table) -> Fault | None:
    def number() -> str:
        return rng.choice(
            (f"{rng.randint(11, 9999):,}", f"{rng.uniform(1, 99):.1f}", f"{rng.uniform(1, 99):.2f}")
        )

    empty = [c for c in table.cells if not norm(c.text) and c.row >= 1]
    if empty and rng.random() < 0.6:
        cell = rng.choice(empty)
        place = (cell.row, cell.col)
        return Fault("invented", _with(table, {place: number()}), {place: place})
    at = table.rows
    new = [Cell(at, col, number()) for col in range(table.cols)]
    return Fault(
        "invented",
        Table(at + 1, table.cols, (*table.cells, *new), table.header_rows),
        {(at, col): (at, col) for col in range(table.cols)},
    )


def sign(rng: Random, table: Table) -> Fault | None:
    negative = [c for c in table.cells if re.fullmatch(r"[-–−]\d.*", c.text)]
    positive = [c for c in table.cells if re.fullmatch(r"\d[\d.,]*%?", c.text)]
    if not negative and not positive:
        return None
    cell = rng.choice(negative or positive)
    place = (cell.row, cell.col)
    text = cell.text[1:] if negative else f"-{cell.text}"
    return Fault("sign", _with(table, {place: text}), {place: place})


def word(rng: Random, table: Table) -> Fault | None:
    words = {w for c in table.cells for w in c.text.split() if len(w) > 3 and w.isalpha()}
    found = [(c, w) for c in table.cells for w in c.text.split() if w in words]
    if len({w.casefold() for w in words}) < 2:
        return None
    cell, old = rng.choice(found)
    new = rng.choice(sorted(w for w in words if w.casefold() != old.casefold()))
    place = (cell.row, cell.col)
    return Fault("word", _with(table, {place: cell.text.replace(old, new, 1)}), {place: place})


def noisy(rng: Random, table: Table, share: float = 0.03) -> Table:
    """An answer as it might come: so many of its cells altered by a digit or a word, and in one table of five
    a row dropped, in as many one collapsed, or one invented."""
    filled = sum(bool(norm(c.text)) for c in table.cells)
    altered = sum(rng.random() < share for _ in range(filled))
    plans = [rng.choice((digit, word)) for _ in range(altered)]
    plans += [plant for plant in (row, collapsed, invented) if rng.random() < 0.2]
    for plant in plans:
        fault = plant(rng, table)
        table = (fault and fault.table) or table
    return table


PLANT: dict[str, Callable[[Random, Table], Fault | None]] = {
    "digit": digit,
    "row": row,
    "collapsed": collapsed,
    "invented": invented,
    "sign": sign,
    "word": word,
    "table": whole,
}


def _ascii_digit(char: str) -> bool:
    return char in "0123456789"


def _with(table: Table, texts: dict[tuple[int, int], str]) -> Table:
    cells = tuple(replace(c, text=texts.get((c.row, c.col), c.text)) for c in table.cells)
    return replace(table, cells=cells)


def _is_plain(table: Table, row: int, across: bool = False) -> bool:
    return all(
        c.row_span == 1 and (c.col_span == 1 or not across)
        for c in table.cells
        if c.row <= row < c.row + c.row_span
    )


def _texts(table: Table, row: int) -> list[str]:
    return [c.text for c in table.cells if c.row == row and any(map(str.isalnum, c.text))]


KINDS = tuple(PLANT)
