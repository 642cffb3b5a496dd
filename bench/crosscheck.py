"""What the cross-check of an olmOCR answer finds: faults planted in answers that are otherwise the truth.

crosscheck.py [SET...] [--half dev|aside] [--faults KIND...] [--show N]

Without a SET: the kit's and 120 tables that generated.py draws. Each image is read by the local engine; its
readings are kept until its code changes, so a run that was broken off goes on where it was. The stand-in
answers with the truth of its tables as HTML, once as it is and once for each table and kind of fault:

- digit      one digit of one number altered
- row        a row dropped
- collapsed  the empty cells of a row left out, so that what follows stands too far left
- invented   a number written into an empty cell, or a row of numbers added
- sign       a minus sign lost, or put before a number
- word       a word replaced by another one of the table
- table      a whole table dropped

A fault is flagged where all planted cells, or most texts of what was dropped, are marked or reported. A false
flag is a marked cell that is right, or a text reported as missing that is not. ``dev`` and ``aside`` are the
halves of kit.py; nothing was tuned on ``aside``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from app.recognition.engine import FoundTable, Recognition
from app.recognition.olmocr.response import read_answer
from app.recognition.reconciling.page import PageResult, reconcile_page
from app.tables.grid import Cell, Table, Verdict
from app.tables.html import to_html
from bench.calibration import PARTLY_KNOWN
from bench.generated import draw_set
from bench.kit import ROOT, SETS, folder, halves, images, kept_reader
from bench.labels import norm
from bench.planted import KINDS, PLANT, Fault, Places

HEAD = "---\nprimary_language: en\nis_rotation_valid: True\nrotation_correction: 0\nis_table: True\n---\n"
GENERATED, TABLES = "generated-tables", 120
ABSENT = ("missing", "reported", "lost")
"""What an answer without the tables that its truth leaves out is rightly told to lack."""


@dataclass(slots=True)
class Tally:
    """Counts of one half of a set."""

    tables: int = 0
    left_out: int = 0
    """Tables of images whose answer is not understood as so many."""
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
        for name in ("tables", "left_out", "right", "displaced", "realigned", "misplaced"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def line(self) -> str:
        shares = [f"{kind} {self.flagged[kind]}/{self.planted[kind]}" for kind in KINDS if self.planted[kind]]
        share = self.flagged.total() / max(1, self.planted.total())
        false = 1000 * self.false.total() / max(1, self.right)
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.false.most_common())
        return (
            f"tables={self.tables} left out={self.left_out} flagged={share:.4f} ({', '.join(shares)}) "
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


def own_rows(table: Table) -> list[int]:
    """The rows of a reconciled table that were not put into it."""
    filled = [[c for c in table.cells if c.row == row and c.text] for row in range(table.rows)]
    return [
        row
        for row, cells in enumerate(filled)
        if not cells or any(c.verdict is not Verdict.MISSING for c in cells)
    ]


def is_flagged(fault: Fault, found: Table, result: PageResult) -> bool:
    """Whether the cross-check tells of a fault within the table ``found``."""
    if fault.kind == "row":
        return is_told(fault, [found], result)
    before = {row: i for i, row in enumerate(own_rows(found))}
    marked = {
        (before[c.row], c.col)
        for c in found.cells
        if c.row in before and c.verdict is not None and c.verdict.is_doubtful
    }
    if fault.kind == "collapsed":
        return all(place in marked or right in marked for place, right in fault.planted.items())
    return all(place in marked for place in fault.planted)


def is_told(fault: Fault, tables: Sequence[Table], result: PageResult) -> bool:
    """Whether most of the dropped texts are missing cells of the tables, or reported."""
    cells = [cell for table in tables for cell in table.cells]
    put_in = {norm(text) for row in result.restored for text in row}
    put_in.update(norm(c.text) for c in cells if c.verdict is Verdict.MISSING)
    beside = norm(" ".join([*result.reported, *(text for c in cells for text in c.alternatives)]))
    told = sum(norm(text) in put_in or norm(text) in beside for text in fault.dropped)
    return 2 * told > len(fault.dropped)


def false_flags(result: PageResult) -> Iterator[tuple[str, str]]:
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


@dataclass(frozen=True, slots=True)
class Page:
    """An image with its truth, and what the local engine read in it."""

    name: str
    truth: Sequence[Table]
    read: Recognition | None
    complete: bool
    """Whether the truth has all tables of the image."""

    def reconciled(self, said: Sequence[FoundTable]) -> PageResult:
        local, words = (self.read.tables, self.read.words[0].words) if self.read else ((), ())
        return reconcile_page(said, local, words)


def tried(page: Page, kinds: Sequence[str], show: int) -> Tally:
    """All runs of one image, and up to ``show`` false flags printed."""
    clean = answered(page.truth)
    if len(clean) != len(page.truth):
        return Tally(left_out=len(page.truth))
    tally = Tally(len(page.truth), right=sum(bool(norm(c.text)) for f in clean for c in f.table.cells))
    wrong = [each for each in false_flags(page.reconciled(clean)) if page.complete or each[0] not in ABSENT]
    tally.false.update(kind for kind, _ in wrong)
    for kind, text in wrong[:show]:
        print(f"    {page.name} {kind:12s} {text}")
    rng = Random(f"20261122 {page.name}")
    for index, found in enumerate(clean):
        for kind in kinds:
            if fault := PLANT[kind](rng, found.table):
                good = plant(page, index, fault, tally)
                if show and good is False:
                    print(f"    {page.name} MISSED {kind} table {index} {fault.planted} {fault.dropped}")
    return tally


def plant(page: Page, index: int, fault: Fault, tally: Tally) -> bool | None:
    """One fault counted, and whether it is flagged; None where the faulty answer is not understood."""
    given = [fault.table if i == index else table for i, table in enumerate(page.truth)]
    kept = [table for table in given if table is not None]
    said = answered(kept) if kept else []
    if len(said) != len(kept):
        return None
    result = page.reconciled(said)
    if fault.table is None:
        good = is_told(fault, [found.table for found in result.lost], result)
    else:
        found = result.tables[index].table
        good = is_flagged(fault, found, result)
        if fault.kind == "collapsed":
            tally.displaced += len(fault.planted)
            tally.realigned += realigned(fault.table, fault.planted, found)
    tally.planted[fault.kind] += 1
    tally.flagged[fault.kind] += good
    return good


def realigned(said: Table, planted: Places, found: Table) -> int:
    """Displaced cells that stand in their own column after all."""
    before = {row: i for i, row in enumerate(own_rows(found))}
    texts = {(before.get(c.row), c.col): norm(c.text) for c in found.cells}
    said_texts = {(c.row, c.col): norm(c.text) for c in said.cells}
    return sum(texts.get(right) == said_texts[place] for place, right in planted.items())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", default=[*SETS, GENERATED])
    parser.add_argument("--half", choices=("dev", "aside"))
    parser.add_argument("--faults", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--show", type=int, default=0, help="so many false flags an image, and missed faults")
    parser.add_argument("--answers", type=Path, default=ROOT / "bench/out/answers.sqlite")
    asked = parser.parse_args()
    run(asked, kept_reader(asked.answers))


def run(asked: argparse.Namespace, read: Callable[[str, Path], Recognition | None]) -> None:
    totals: dict[str, Tally] = {"dev": Tally(), "aside": Tally()}
    for name in asked.sets:
        if name == GENERATED:
            draw_set(ROOT / "bench/out" / name, TABLES)
        truth = json.loads((folder(name) / "truth.json").read_text())
        for half, paths in halves(images(name)).items():
            if asked.half not in (None, half):
                continue
            tally = Tally()
            for path in paths:
                tables = tables_of(truth[path.stem])
                page = Page(path.stem, tables, read(name, path), name not in PARTLY_KNOWN)
                tally.add(tried(page, asked.faults, asked.show if half == "dev" else 0))
            print(f"{name} {half}: {tally.line()}", flush=True)
            totals[half].add(tally)
    both = Tally()
    for half, tally in totals.items():
        if tally.tables:
            print(f"all {half}: {tally.line()}")
            both.add(tally)
    print(f"all: {both.line()}")


if __name__ == "__main__":
    main()
