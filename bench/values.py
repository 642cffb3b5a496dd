"""How many of the numbers and dates in the kit's true tables become values, and how they look.

values.py [--untyped 20]

A cell counts where its text has a digit and no letter. Those that say more than one number or none exactly
(ranges, pairs, products, comparisons) stay text by what they are, and are counted by kind; the share that is
typed is told of all cells and of the others, each of which is one number or date, or may be. The look of
the typed ones is compared with the text by the kit's own reading of number formats.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time

from app.tables.grid import Cell, Table
from app.workbook.plan import PlannedCell, SourceTables
from app.workbook.strategies import consolidated
from bench.kit import KIT, SETS

sys.path.insert(0, str(KIT))

_N = r"[-+−]?[.]?\d+(?:[.,]\d+)*\s?[%‰]?"
_KINDS = {
    "range": re.compile(rf"{_N}\s*[-–—−]\s*{_N}"),
    "compared": re.compile(rf"[≤≥<>≈~±]\s*{_N}"),
    "pair": re.compile(rf"{_N}\s*(?:[(\[].*\d.*[)\]]|±\s*{_N})"),
    "product or ratio": re.compile(rf"{_N}(?:\s*[×*/:]\s*{_N})+|{_N}\s*×"),
    "tuple": re.compile(rf"[(\[]\s*{_N}(?:\s*[,;]\s+{_N})+\s*[)\]]"),
}
"""What says more than one number, or none exactly. A list such as 412,413 is built like a number."""


@dataclass(slots=True)
class Tally:
    """Of one set."""

    cells: int = 0
    typed: int = 0
    other_look: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    """Of the texts that are no single number."""
    untyped: Counter[str] = field(default_factory=Counter)
    """The other texts."""

    def add(self, cell: PlannedCell) -> None:
        if not any(char.isdigit() for char in cell.raw) or any(char.isalpha() for char in cell.raw):
            return
        self.cells += 1
        if isinstance(cell.value, str):
            kind = next((name for name, built in _KINDS.items() if built.fullmatch(cell.raw)), "")
            self.kinds.update([kind] if kind else [])
            self.untyped.update([] if kind else [cell.raw])
            return
        self.typed += 1
        if not looks_alike(cell):
            self.other_look.append(cell.raw)

    def told(self) -> str:
        """The shares typed, and what is not."""
        single = self.cells - self.kinds.total()
        kinds = ", ".join(f"{count} {name}" for name, count in self.kinds.most_common())
        return (
            f"{self.cells} with digits alone, {self.typed / max(1, self.cells):.3f} typed; "
            f"{single} single numbers or dates, {self.typed / max(1, single):.3f} typed; "
            f"text: {kinds or 'none'}; other look: {self.other_look}"
        )


def looks_alike(cell: PlannedCell) -> bool:
    from grids import norm, show_date, show_number

    if isinstance(cell.value, int | float):
        return norm(show_number(cell.value, cell.number_format)) == norm(cell.raw)
    assert isinstance(cell.value, date | time)
    return norm(show_date(cell.value, cell.number_format)) == norm(cell.raw)


def planned(name: str) -> Iterator[PlannedCell]:
    """The body cells of a set's true tables, as workbooks for each image would have them."""
    truth = json.loads((KIT / "sets" / name / "truth.json").read_text())
    for case in truth.values():
        tables = tuple(
            Table.from_cells(
                [Cell(c["r"], c["c"], c["text"], c["rs"], c["cs"]) for c in grid["cells"]], header_rows=1
            )
            for grid in case["grids"]
        )
        plan = consolidated([SourceTables("image.png", tables)])
        for sheet in plan.sheets[: len(tables)]:
            yield from (cell for cell in sheet.cells if cell.row)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--untyped", type=int, default=20, help="how many of the commonest texts are shown")
    asked = parser.parse_args()
    for name in SETS:
        tally = Tally()
        for cell in planned(name):
            tally.add(cell)
        print(f"{name:16s} {tally.told()}")
        print("    text:", ", ".join(text for text, _ in tally.untyped.most_common(asked.untyped)))


if __name__ == "__main__":
    main()
