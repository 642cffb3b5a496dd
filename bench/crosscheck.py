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
from bench.planted import KINDS, PLANT, Fault

HEAD = "---\nprimary_language: en\nis_rotation_valid: True\nrotation_correction: 0\nis_table: True\n---\n"
ABSENT = ("missing", "reported", "lost")
"""What an answer without the tables that its truth leaves out is rightly told to lack."""


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
