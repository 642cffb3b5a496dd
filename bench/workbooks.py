"""How long 50 sheets of 200 × 12 take beside plain XlsxWriter that writes the same cells.

workbooks.py [--sheets 50] [--rounds 3]

CPU time, the best of the rounds, all contenders in turn in each, each after a collection of garbage.

- Plain: the same cells written by XlsxWriter alone: each value by the method for its type (``write_number``,
  ``write_string``), with the number format that shows it as in the image, its alignment and a border. No
  widths, no notes, no other looks. Values without formats stand beside it: 0.5 for 50 % is not the same cell.
- Written: our writer's work on the finished plan, to the bytes of the file; the target is 1.5 times plain.
- Planned: what nobody has to do who writes cells: reading texts as numbers and dates column by column,
  looking for sums, laying out.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any

from rich.console import Console
from rich.table import Table as Shown
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from app.services.excel import ExcelWriter
from app.tables.grid import Cell, Table
from app.workbook.checks.find import find_checks
from app.workbook.plan import PlannedCell, SourceTables, WorkbookPlan
from app.workbook.strategies import consolidated
from app.workbook.values import type_tables

ROWS, COLS = 200, 12
TOLERANCE = 0.2
"""Share that the figures differ by from run to run."""
_BARE, _PLAIN = "plain XlsxWriter, values without formats", "plain XlsxWriter"
_WRITTEN, _PLANNED = "ours: written", "ours: planned"
_TIMES = "_times_plain"
console = Console()


def drawn(seed: int) -> Table:
    """A table of labels, amounts and counts under one header row; hardly a number comes twice."""
    rng = random.Random(seed)
    cells = [Cell(0, col, f"Column {col}") for col in range(COLS)]
    for row in range(1, ROWS):
        for col in range(COLS):
            amount, count = f"{rng.uniform(0, 10 ** rng.randint(1, 6)):,.2f}", f"{rng.randrange(10**6):,}"
            text = amount if col % 3 else count if col else f"Item {rng.randrange(10**6)}"
            cells.append(Cell(row, col, text, confidence=0.99))
    return Table.from_cells(cells, header_rows=1)


def plain(plan: WorkbookPlan, *, formats: bool) -> None:
    """The plan's cells, written by XlsxWriter alone."""
    with Workbook(BytesIO(), {"in_memory": True}) as workbook:
        styles: dict[tuple[str, str], Format] = {}
        for sheet in plan.sheets:
            worksheet = workbook.add_worksheet(sheet.name)
            for cell in sheet.cells:
                style = _style(workbook, styles, cell) if formats else None
                if isinstance(cell.value, int | float):
                    worksheet.write_number(cell.row, cell.col, cell.value, style)
                else:
                    worksheet.write_string(cell.row, cell.col, str(cell.value), style)


def _style(workbook: Workbook, styles: dict[tuple[str, str], Format], cell: PlannedCell) -> Format:
    key = (cell.number_format, cell.align)
    if key not in styles:
        styles[key] = workbook.add_format({"num_format": key[0], "align": key[1], "border": 1})
    return styles[key]


def measured(sheets: int, rounds: int) -> Mapping[str, float]:
    """Seconds of CPU, by contender."""
    tables = tuple(drawn(seed) for seed in range(sheets))
    images = [SourceTables("image.png", tables)]
    plan, typed = consolidated(images), type_tables(tables)
    contenders: dict[str, Callable[[], Any]] = {
        _BARE: lambda: plain(plan, formats=False),
        _PLAIN: lambda: plain(plan, formats=True),
        _WRITTEN: lambda: ExcelWriter().write(plan),
        _PLANNED: lambda: consolidated(images),
        "  of it typed": lambda: type_tables(tables),
        "  of it checked": lambda: [find_checks(*pair) for pair in zip(tables, typed, strict=True)],
    }
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(rounds):
        for name, run in contenders.items():
            gc.collect()
            began = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - began)
    return best


def show(sheets: int = 50, rounds: int = 3) -> dict[str, float]:
    """Prints the contenders beside one another; gives how many times plain ours took, the CPU seconds, and
    the process's peak memory."""
    found = measured(sheets, rounds)
    table = Shown("", "CPU s", "× plain", title=f"{sheets} sheets of {ROWS} × {COLS}")
    for name, seconds in found.items():
        table.add_row(name, f"{seconds:.2f}", f"{seconds / found[_PLAIN]:.2f}")
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"[dim]peak memory of all: {peak:.0f} MB[/]")
    kept = {"written": _WRITTEN, "planned": _PLANNED}
    return (
        {f"{short}{_TIMES}": round(found[name] / found[_PLAIN], 2) for short, name in kept.items()}
        | {f"{short}_seconds": round(found[name], 2) for short, name in kept.items()}
        | {"peak_mb": round(peak)}
    )


def worse(found: Mapping[str, float], best: Mapping[str, float]) -> Iterator[str]:
    """A line for each figure that clearly rose."""
    for name, times in found.items():
        if name.endswith(_TIMES) and times > best.get(name, times) * (1 + TOLERANCE):
            yield f"workbooks: {name} is {times:.2f}; the baseline is {best[name]:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sheets", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    show(asked.sheets, asked.rounds)


if __name__ == "__main__":
    main()
