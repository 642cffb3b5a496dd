"""How sure reconciled cells are: shares of right ones by case and local confidence, and their calibration.

verdicts.py [SET...] [--answers FILE]

The stand-in answers with the truth of each image, three cells in a hundred altered, rows dropped, collapsed
and invented in one table of five (`planted.noisy`): a model of a model, whose faults nobody knows for sure.
Each answer is reconciled with the local engine's reading, and each cell compared with the truth. Counted on
the half ``dev``: right of all, for `app/recognition/reconciling/trust.py`; on ``aside`` the expected
calibration error of what stands there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from app.recognition.engine import Recognition
from app.recognition.reconciling.page import reconcile_page
from app.recognition.reconciling.trust import Case, fitted, step
from bench.calibration import PARTLY_KNOWN, Labelled, show
from bench.crosscheck import answered, tables_of
from bench.kit import ROOT, SETS, folder, halves, images, kept_reader
from bench.labels import right_cells
from bench.ours import grid
from bench.planted import noisy

STEPS = 4
PRIOR = 4.0
"""Cells, of the case's usual share, that each step is counted with besides its own."""
_CASES = list(Case)


def numbered(case: Case, local: float) -> float:
    """A Trust that tells where a confidence would come from."""
    return (_CASES.index(case) * STEPS + step(local)) / (len(_CASES) * STEPS)


def counted(case: dict[str, Any], read: Recognition, name: str, complete: bool) -> Iterator[tuple[int, bool]]:
    """Place in the table of shares, and whether it is right, of every cell with text."""
    rng = Random(f"20261123 {name}")
    truth = tables_of(case)
    said = answered([noisy(rng, table) for table in truth])
    result = reconcile_page(said, read.tables, read.words[0].words, numbered)
    found = [each.table for each in (*result.tables, *result.lost)]
    labels = right_cells(case["grids"], [grid(table) for table in found], complete)
    for table, rights in zip(found, labels, strict=True):
        for cell, right in zip(table.cells, rights, strict=True):
            if right is not None and cell.confidence is not None:
                yield round(cell.confidence * len(_CASES) * STEPS), right


def measure(names: list[str], read: Callable[[str, Path], Recognition | None]) -> None:
    cells: dict[str, list[tuple[int, bool]]] = {"dev": [], "aside": []}
    for name in names:
        truth = json.loads((folder(name) / "truth.json").read_text())
        for half, paths in halves(images(name)).items():
            for path in paths:
                seen = read(name, path)
                if seen is not None:
                    cells[half] += counted(truth[path.stem], seen, path.stem, name not in PARTLY_KNOWN)
    for i, case in enumerate(_CASES):
        rights = [[right for at, right in cells["dev"] if at == i * STEPS + j] for j in range(STEPS)]
        every = [right for step_ in rights for right in step_]
        usual = (sum(every) + 1) / (len(every) + 2)
        shares = [(sum(each) + PRIOR * usual) / (len(each) + PRIOR) for each in rights]
        print(
            f"{case:8s}",
            *(f"{share:.3f} of {len(each):5d}" for share, each in zip(shares, rights, strict=True)),
        )
    middles = (0.0, 0.6, 0.9, 0.99)
    for half, found in cells.items():
        show(
            f"all {half}",
            [
                Labelled(fitted(_CASES[at // STEPS], middles[at % STEPS]), "" if ok else "wrong")
                for at, ok in found
            ],
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--answers", type=Path, default=ROOT / "bench/out/answers.sqlite")
    asked = parser.parse_args()
    measure(asked.sets, kept_reader(asked.answers))


if __name__ == "__main__":
    main()
