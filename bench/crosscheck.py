"""What the cross-check of an olmOCR answer finds: faults planted in answers that are otherwise the truth.

crosscheck.py SET... [--half dev|aside] [--faults KIND...] [--show N]

Each image is read by the local engine (networks' answers are kept, as in kit.py). The stand-in answers with
the truth of its tables as HTML, once as it is and once for each table and kind of fault:

- digit      one digit of one number altered
- row        a row dropped
- collapsed  the empty cells of a row left out, so that what follows stands too far left
- invented   a number written into an empty cell, or a row of numbers added
- sign       a minus sign lost, or put before a number
- word       a word replaced by another one of the table

A fault is flagged where all planted cells, or the texts of the dropped row, are marked or reported. A false
flag is a marked cell that is right, or a text reported as missing that is not. ``dev`` and ``aside`` are the
halves of kit.py; nothing was tuned on ``aside``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from app.errors import ImageFailed
from app.recognition.engine import FoundTable, Recognition, SourceImage
from app.recognition.olmocr.response import read_answer
from app.recognition.reconciling.page import PageResult, reconcile_page
from app.tables.grid import Cell, Table, Verdict
from app.tables.html import to_html
from bench.calibration import PARTLY_KNOWN
from bench.kit import ROOT, SETS, folder, halves, images, kept_recognizer
from bench.labels import norm

HEAD = "---\nprimary_language: en\nis_rotation_valid: True\nrotation_correction: 0\nis_table: True\n---\n"
KINDS = ("digit", "row", "collapsed", "invented", "sign", "word")
ABSENT = ("missing", "reported", "lost")
"""What an answer without the tables that its truth leaves out is rightly told to lack."""
Places = dict[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A table with a fault."""

    kind: str
    table: Table
    planted: Places = field(default_factory=dict)
    """Faulty cells of the answer → where their text belongs; altered and invented ones stay."""
    dropped: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts of one half of a set."""

    tables: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    right: int = 0
    false: Counter[str] = field(default_factory=Counter)
    displaced: int = 0
    realigned: int = 0
    misplaced: int = 0
    """Right cells that were moved away."""

    def add(self, other: Tally) -> None:
        self.planted.update(other.planted)
        self.flagged.update(other.flagged)
        self.false.update(other.false)
        for name in ("tables", "right", "displaced", "realigned", "misplaced"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def line(self) -> str:
        shares = [f"{kind} {self.flagged[kind]}/{self.planted[kind]}" for kind in KINDS if self.planted[kind]]
        share = self.flagged.total() / max(1, self.planted.total())
        false = 1000 * self.false.total() / max(1, self.right)
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.false.most_common())
        return (
            f"tables={self.tables} flagged={share:.4f} ({', '.join(shares)}) "
            f"false/1000={false:.2f} of {self.right} ({kinds}) "
            f"realigned={self.realigned / max(1, self.displaced):.4f} of {self.displaced}"
        )


def tables_of(case: dict[str, Any]) -> list[Table]:
    """The true tables as an answer would give them."""
    tables = [
        Table.from_cells(
            [Cell(c["r"], c["c"], c["text"], c["rs"], c["cs"]) for c in grid["cells"]], header_rows=1
        )
        for grid in case["grids"]
    ]
    return [table for table in tables if any(cell.text for cell in table.cells)]


def answered(tables: Sequence[Table]) -> list[FoundTable]:
    """What the answer with these tables is understood as."""
    read = read_answer(HEAD + "\n\n".join(to_html(replace(table, title="")) for table in tables))
    return [FoundTable(table, 1, surroundings=around) for table, around in read.placed_tables()]


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


PLANT: dict[str, Callable[[Random, Table], Fault | None]] = {
    "digit": digit,
    "row": row,
    "collapsed": collapsed,
    "invented": invented,
    "sign": sign,
    "word": word,
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


def own_rows(table: Table) -> list[int]:
    """The rows of a reconciled table that were not put into it."""
    filled = [[c for c in table.cells if c.row == row and c.text] for row in range(table.rows)]
    return [
        row
        for row, cells in enumerate(filled)
        if not cells or any(c.verdict is not Verdict.MISSING for c in cells)
    ]


def is_flagged(fault: Fault, found: Table, result: PageResult) -> bool:
    before = {row: i for i, row in enumerate(own_rows(found))}
    marked = {
        (before[c.row], c.col)
        for c in found.cells
        if c.row in before and c.verdict is not None and c.verdict.is_doubtful
    }
    if fault.kind == "row":
        told = Counter(norm(text) for row in result.restored for text in row)
        told.update(norm(c.text) for c in found.cells if c.verdict is Verdict.MISSING)
        told_there = [text for c in found.cells for text in c.alternatives]
        joined = norm(" ".join([*result.reported, *told_there]))
        return sum(told[norm(text)] > 0 or norm(text) in joined for text in fault.dropped) * 2 > len(
            fault.dropped
        )
    if fault.kind == "collapsed":
        return all(place in marked or right in marked for place, right in fault.planted.items())
    return all(place in marked for place in fault.planted)


def false_flags(clean: Sequence[FoundTable], result: PageResult) -> Iterator[tuple[str, str]]:
    """What is marked or reported of an answer without fault, and its text."""
    for found in result.tables:
        for cell in found.table.cells:
            if cell.verdict is not None and cell.verdict.is_doubtful:
                yield (
                    cell.verdict.value,
                    f"{cell.text} ~ {' '.join(cell.alternatives)} @{cell.row},{cell.col}",
                )
    for text in result.reported:
        yield "reported", text
    for found in result.lost:
        for cell in found.table.cells:
            if norm(cell.text):
                yield "lost", cell.text


def tried(
    name: str,
    case: dict[str, Any],
    read: Recognition | None,
    kinds: Sequence[str],
    show: int,
    complete: bool,
) -> Tally:
    """All runs of one image. ``complete``: whether the truth has all tables of the image."""
    tally, rng = Tally(), Random(f"20261122 {name}")
    local, words = (read.tables, read.words[0].words) if read else ((), ())
    truth = tables_of(case)
    clean = answered(truth)
    if len(clean) != len(truth):
        return tally
    result = reconcile_page(clean, local, words)
    wrong = [each for each in false_flags(clean, result) if complete or each[0] not in ABSENT]
    tally.tables = len(truth)
    tally.right = sum(bool(norm(c.text)) for found in clean for c in found.table.cells)
    tally.false.update(kind for kind, _ in wrong)
    for kind, text in wrong[:show]:
        print(f"    {name} {kind:12s} {text}")
    for index, table in enumerate(found.table for found in clean):
        for kind in kinds:
            fault = PLANT[kind](rng, table)
            if fault is None:
                continue
            given = [fault.table if i == index else each for i, each in enumerate(truth)]
            said = answered(given)
            if len(said) != len(truth):
                continue
            result = reconcile_page(said, local, words)
            found = result.tables[index].table
            tally.planted[kind] += 1
            good = is_flagged(fault, found, result)
            tally.flagged[kind] += good
            if kind == "collapsed":
                before = {row: i for i, row in enumerate(own_rows(found))}
                texts = {(before.get(c.row), c.col): norm(c.text) for c in found.cells}
                said_texts = {(c.row, c.col): norm(c.text) for c in fault.table.cells}
                tally.displaced += len(fault.planted)
                tally.realigned += sum(
                    texts.get(right) == said_texts[place] for place, right in fault.planted.items()
                )
            if show and not good:
                shown = [c.text for c in fault.table.cells if (c.row, c.col) in fault.planted]
                print(f"    {name} MISSED {kind} table {index} {fault.planted} {shown} {fault.dropped}")
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--half", choices=("dev", "aside"))
    parser.add_argument("--faults", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--show", type=int, default=0, help="so many false flags an image, and missed faults")
    parser.add_argument("--answers", type=Path, default=ROOT / "bench/out/answers.sqlite")
    asked = parser.parse_args()
    recognizer = kept_recognizer(asked.answers)

    def read(path: Path) -> Recognition | None:
        try:
            return recognizer.read(SourceImage(path, path.name), lambda _: None)
        except ImageFailed:
            return None

    run(asked, lambda name, path: read(path))


def run(asked: argparse.Namespace, read: Callable[[str, Path], Recognition | None]) -> None:
    totals: dict[str, Tally] = {"dev": Tally(), "aside": Tally()}
    for name in asked.sets:
        truth = json.loads((folder(name) / "truth.json").read_text())
        for half, paths in halves(images(name)).items():
            if asked.half not in (None, half):
                continue
            tally = Tally()
            for path in paths:
                show = asked.show if half == "dev" else 0
                tally.add(
                    tried(
                        path.stem,
                        truth[path.stem],
                        read(name, path),
                        asked.faults,
                        show,
                        name not in PARTLY_KNOWN,
                    )
                )
            print(f"{name} {half}: {tally.line()}", flush=True)
            totals[half].add(tally)
    for half, tally in totals.items():
        if tally.tables:
            print(f"all {half}: {tally.line()}")


if __name__ == "__main__":
    main()
