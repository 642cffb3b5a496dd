"""How many planted digit errors the checks catch, and how often they raise a false alarm.

checks.py [--tables 200] [--plants 20]
checks.py --large 10000 100    CPU seconds and memory of one large table instead

Generated tables of six kinds with one error each, and the true tables of the evaluation kit with so many
errors, one by one, in each that shows a sum; ``aside``: the half of the images that was never looked at.
One digit of one summed number is exchanged; it is caught where a broken relation holds that cell. A false
alarm is a broken relation in a table without an error.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.tables.grid import Cell, Table
from app.workbook.checks.amounts import Position
from app.workbook.checks.find import find_checks
from app.workbook.checks.relation import Kind
from app.workbook.checks.repairs import Finding
from app.workbook.values import type_tables
from bench.kit import KIT, halves, images

Rows = list[list[str]]
LABELS = ("Total", "Sum", "Insgesamt", "Total", "")
KINDS = ("column", "row", "subtotals", "rounded", "means", "unrelated")


def generated(rng: random.Random, kind: str) -> tuple[Rows, list[Position]]:
    """A table and the places of the numbers that are summed or are sums."""
    count, cols, places = rng.randint(3, 14), rng.randint(1, 5), rng.choice([0, 0, 1, 2])
    scale = rng.choice([100, 5_000, 200_000])

    def number() -> float:
        value = rng.uniform(0.02, 1) * scale
        return value if kind == "rounded" else round(value, places)

    def text(value: float) -> str:
        return f"{value:,.{places}f}"

    def total(values: list[list[float]]) -> list[float]:
        return [sum(column) for column in zip(*values, strict=True)]

    header = ["Name", *(f"C{i}" for i in range(cols))]
    body = [[number() for _ in range(cols)] for _ in range(count)]
    lines = [[f"Item {i}", *map(text, line)] for i, line in enumerate(body)]
    label = rng.choice(LABELS)
    if kind == "row":
        rows = [[*header, label], *([*line, text(sum(v))] for line, v in zip(lines, body, strict=True))]
        return rows, [(r, c) for r in range(1, count + 1) for c in range(1, cols + 2)] if cols > 1 else []
    if kind == "subtotals":
        cut = rng.randint(2, count - 1) if count > 3 else 2
        parts = [(lines[:cut], body[:cut]), (lines[cut:], body[cut:])]
        rows = [header]
        for i, (some, values) in enumerate(parts):
            rows += [*some, [f"Subtotal {i}", *map(text, total(values))]] if len(some) > 1 else some
        rows.append(["Total", *map(text, total(body))])
        return rows, [(r, c) for r in range(1, len(rows)) for c in range(1, cols + 1)]
    if kind == "means":
        return [header, *lines, ["Total", *(text(v / count) for v in total(body))]], []
    if kind == "unrelated":
        return [header, *lines], []
    rows = [header, *lines, [label or "Z", *map(text, total(body))]]
    return rows, [(r, c) for r in range(1, count + 2) for c in range(1, cols + 1)]


def broken(table: Table) -> list[Finding]:
    """The relations that do not hold."""
    return [finding for finding in find_checks(table, type_tables([table])[0]) if finding.relation.remedies]


def table_of(rows: Rows) -> Table:
    cells = [Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return Table.from_cells(cells, header_rows=1)


def misread(rng: random.Random, text: str) -> str:
    """The text with one digit exchanged."""
    at = rng.choice([i for i, char in enumerate(text) if char.isdigit()])
    return text[:at] + rng.choice([digit for digit in "0123456789" if digit != text[at]]) + text[at + 1 :]


def is_caught(found: list[Finding], place: Position) -> bool:
    return any(place in (finding.relation.result, *finding.relation.terms) for finding in found)


def kit_tables(half: str) -> Iterator[Table]:
    """The true tables of the kit's sets of whole tables, of every second image by name."""
    for name in ("icdar-eu-crops", "pubtabnet", "latex-pages"):
        truth = json.loads((KIT / "sets" / name / "truth.json").read_text())
        for path in halves(images(name))[half]:
            for grid in truth[path.stem]["grids"]:
                cells = [Cell(c["r"], c["c"], c["text"], c["rs"], c["cs"]) for c in grid["cells"]]
                yield Table.from_cells(cells, header_rows=1)


@dataclass
class Tally:
    """Counts over tables of one sort."""

    tables: int = 0
    alarms: int = 0
    planted: int = 0
    caught: int = 0
    repaired: int = 0
    hidden: int = 0
    """Planted errors that part no sum from its parts by more than rounding may."""

    def look(self, table: Table) -> list[Finding]:
        """At a table without an error."""
        findings = find_checks(table, type_tables([table])[0])
        self.tables += 1
        self.alarms += any(finding.relation.remedies for finding in findings)
        return findings

    def plant(self, table: Table, place: Position, right: str) -> None:
        """Looks at a table with an error."""
        findings = find_checks(table, type_tables([table])[0])
        wrong = [finding for finding in findings if finding.relation.remedies]
        holding = [finding for finding in findings if not finding.relation.remedies]
        self.planted += 1
        if is_caught(wrong, place):
            self.caught += 1
        elif is_caught(holding, place):
            self.hidden += 1
        self.repaired += any(
            finding.repair and finding.repair.position == place and finding.repair.text == right
            for finding in wrong
        )

    def told(self) -> str:
        alarms = f"{self.tables:4d} tables, {self.alarms} false alarms"
        if not self.planted:
            return alarms
        rest = self.planted - self.hidden
        return (
            f"{alarms}; {self.planted} planted, {self.caught / self.planted:.3f} caught "
            f"({self.caught / rest:.3f} of those beyond rounding), "
            f"{self.repaired / self.planted:.3f} with their repair"
        )


def measure_generated(tables: int) -> None:
    rng = random.Random(20261122)
    for kind in KINDS:
        tally = Tally()
        for _ in range(tables):
            rows, summed = generated(rng, kind)
            tally.look(table_of(rows))
            if summed:
                row, col = rng.choice(summed)
                right = rows[row][col]
                rows[row][col] = misread(rng, right)
                tally.plant(table_of(rows), (row, col), right)
        print(f"{kind:10s} {tally.told()}")


def measure_kit(half: str, plants: int) -> None:
    rng = random.Random(20261122)
    tally, shown = Tally(), 0
    for table in kit_tables(half):
        held = [f.relation for f in tally.look(table) if not f.relation.remedies]
        summed = sorted({p for r in held if r.kind is Kind.SUM for p in (r.result, *r.terms)})
        shown += bool(summed)
        for _ in range(plants if summed else 0):
            place = rng.choice(summed)
            right = table.at(*place).text
            wrong = misread(rng, right)
            cells = (replace(c, text=wrong) if (c.row, c.col) == place else c for c in table.cells)
            tally.plant(replace(table, cells=tuple(cells)), place, right)
    print(f"kit {half:6s} {tally.told()}; sums in {shown} tables")


def measure_large(rows: int, cols: int) -> None:
    """Labels, random numbers, and a last column and row that add up the others."""
    rng = random.Random(20261122)
    body = [[rng.randrange(10**6) for _ in range(cols - 2)] for _ in range(rows - 2)]
    sums = [sum(column) for column in zip(*body, strict=True)]
    lines = [[f"Item {i}", *map(str, line), str(sum(line))] for i, line in enumerate([*body, sums], 1)]
    lines[-1][0] = "Total"
    table = table_of([["Name", *(f"C{col}" for col in range(2, cols)), "Total"], *lines])
    typed = type_tables([table])[0]
    held, began = peak_mb(), time.process_time()
    found = find_checks(table, typed)
    print(
        f"{rows} x {cols}: {time.process_time() - began:.1f} s CPU, {len(found)} relations, peak memory "
        f"{peak_mb():.0f} MB, {held:.0f} of it before"
    )


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", type=int, default=200)
    parser.add_argument("--plants", type=int, default=20)
    parser.add_argument("--large", type=int, nargs=2, metavar=("ROWS", "COLS"))
    asked = parser.parse_args()
    if asked.large:
        measure_large(*asked.large)
        return
    measure_generated(asked.tables)
    for half in ("dev", "aside") if KIT.exists() else ():
        measure_kit(half, asked.plants)


if __name__ == "__main__":
    main()
