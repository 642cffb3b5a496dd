"""How many planted digit errors the checks catch, and how often they raise a false alarm.

checks.py [--tables 200]   generated tables of six kinds, and the true tables of the evaluation kit

One digit of one summed number is exchanged; it is caught where a broken relation holds that cell. A false
alarm is a broken relation in a table without an error.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator

from app.tables.grid import Cell, Table
from app.workbook.checks.amounts import Position
from app.workbook.checks.find import Finding, find_checks
from app.workbook.values import type_tables
from bench.kit import KIT

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


def kit_tables() -> Iterator[Table]:
    """The true tables of the kit's sets of whole tables."""
    for name in ("icdar-eu-crops", "pubtabnet", "latex-pages"):
        truth = json.loads((KIT / "sets" / name / "truth.json").read_text())
        for case in truth.values():
            for grid in case["grids"]:
                cells = [Cell(c["r"], c["c"], c["text"], c["rs"], c["cs"]) for c in grid["cells"]]
                yield Table.from_cells(cells, header_rows=1)


def measure_generated(tables: int) -> None:
    rng = random.Random(20261122)
    for kind in KINDS:
        alarms = caught = planted = repaired = 0
        for _ in range(tables):
            rows, summed = generated(rng, kind)
            alarms += bool(broken(table_of(rows)))
            if summed:
                row, col = rng.choice(summed)
                rows[row][col] = misread(rng, rows[row][col])
                found = broken(table_of(rows))
                planted += 1
                caught += is_caught(found, (row, col))
                repaired += any(f.repair and f.repair.position == (row, col) for f in found)
        share = (
            f"{caught / planted:.3f} caught, {repaired / planted:.3f} with their repair" if planted else ""
        )
        print(f"{kind:10s} {tables} tables, {alarms} false alarms {share}")


def measure_kit() -> None:
    rng = random.Random(20261122)
    tables = alarms = planted = caught = 0
    for table in kit_tables():
        found = find_checks(table, type_tables([table])[0])
        tables += 1
        alarms += any(finding.relation.remedies for finding in found)
        held = [f.relation for f in found if not f.relation.remedies and f.relation.kind.value == "sum"]
        if not held:
            continue
        relation = rng.choice(held)
        place = rng.choice((relation.result, *relation.terms))
        cells = [
            Cell(
                c.row,
                c.col,
                misread(rng, c.text) if (c.row, c.col) == place else c.text,
                c.row_span,
                c.col_span,
            )
            for c in table.cells
        ]
        planted += 1
        caught += is_caught(broken(Table(table.rows, table.cols, tuple(cells), table.header_rows)), place)
    print(
        f"kit        {tables} tables, {alarms} with a broken relation; "
        f"of {planted} planted errors {caught} caught"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", type=int, default=200)
    measure_generated(parser.parse_args().tables)
    if KIT.exists():
        measure_kit()


if __name__ == "__main__":
    main()
