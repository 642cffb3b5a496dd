"""Why cells are wrong: every wrong cell of the kit's sets by its cause, written to bench/causes.md, above
what was seen by eye.

causes.py [SET...]   the networks' answers are kept as in kit.py

A true cell is wrong where the aligned position does not hold exactly its text. Causes, first match wins:

region      no table, or one that shares hardly anything, was found where the true one stands
missing     nothing of the text was read anywhere in the table
row         the text stands whole in another row, or together with that of the row above or below
column      the text stands whole in another column, or together with that of a column beside it
span        the text stands in the right row and column, over too many or too few of them
sign        the right place; the reading differs in signs other than letters and digits, or in case
text        the right place; letters or digits differ
split       parts of the text stand in several cells
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.kit import KIT, ROOT, SETS, halves, images, kept_recognizer, recognized
from bench.labels import Grid, aligned, dense, norm, plain

CAUSES = ("region", "missing", "row", "column", "span", "sign", "text", "split")
_SHARED = 0.2
"""Least TEDS of a prediction that counts as the same table."""


class Compared:
    """A true table beside the predicted one, rows and columns aligned."""

    def __init__(self, truth: Grid, found: Grid) -> None:
        from grids import trim

        self.truth, found = trim(truth), trim(found)
        self.seen: list[list[str]] = dense(found)
        self.cells = [dict(cell, text=norm(cell["text"])) for cell in found["cells"] if norm(cell["text"])]
        self.rows, self.cols = aligned(self.seen, dense(self.truth))

    def causes(self) -> Iterator[tuple[Grid, str]]:
        """Each true cell with text and its cause, "" where it is right."""
        for cell in self.truth["cells"]:
            text = norm(cell["text"])
            if text:
                yield cell, self._cause(cell, text)

    def _cause(self, cell: Grid, text: str) -> str:
        row, col = self.rows.get(cell["r"]), self.cols.get(cell["c"])
        if row is not None and col is not None:
            seen = self.seen[row][col]
            if seen == text:
                return ""
            if seen and plain(seen) == plain(text):
                return "sign"
        whole = next((other for other in self.cells if other["text"] == text), None)
        if whole is not None:
            return self._misplaced(whole, row, col)
        around = next((other for other in self.cells if text in other["text"]), None)
        if around is not None and len(text) > 1:
            return "column" if self._holds_neighbour(around, cell) else "row"
        if row is not None and col is not None and self.seen[row][col]:
            return "text"
        parts = [other for other in self.cells if len(other["text"]) > 1 and other["text"] in text]
        return "split" if parts else "missing"

    def _misplaced(self, other: Grid, row: int | None, col: int | None) -> str:
        if row is None or not other["r"] <= row < other["r"] + other["rs"]:
            return "row"
        return "column" if col is None or not other["c"] <= col < other["c"] + other["cs"] else "span"

    def _holds_neighbour(self, around: Grid, cell: Grid) -> bool:
        """True where the predicted cell also holds the text of a true cell of the same row."""
        return any(
            other is not cell
            and other["r"] == cell["r"]
            and (text := norm(other["text"]))
            and text in around["text"]
            for other in self.truth["cells"]
        )


def paired(truths: list[Grid], found: list[Grid]) -> Iterator[tuple[Grid, Grid | None]]:
    """Each true table with the prediction that fits it best, each used once; None: there is none."""
    from grids import make
    from score import score

    left = [make(one["cells"]) for one in found]
    for truth in truths:
        fits = [(score(truth, one)["teds"], i) for i, one in enumerate(left)]
        teds, at = max(fits, default=(0.0, -1))
        yield truth, left.pop(at) if teds >= _SHARED else None


def causes_of(truths: list[Grid], found: list[Grid]) -> Iterator[tuple[int, Grid, str]]:
    """Index of the true table, cell and cause of every true cell with text."""
    for index, (truth, one) in enumerate(paired(truths, found)):
        if one is None:
            yield from ((index, cell, "region") for cell in truth["cells"] if norm(cell["text"]))
        else:
            yield from ((index, cell, cause) for cell, cause in Compared(truth, one).causes())


def main() -> None:
    sets = sys.argv[1:] or list(SETS)
    recognizer = kept_recognizer(ROOT / "bench/out/answers.sqlite")
    lines = [
        "# Wrong cells by cause",
        "",
        "Written by `python -m bench.causes`, where each cause is explained. Per cent of cells with text.",
        "",
        "| set | half | cells | right | " + " | ".join(CAUSES) + " |",
        "|---|---|---:|---:|" + "---:|" * len(CAUSES),
    ]
    for name in sets:
        truth = json.loads((KIT / "sets" / name / "truth.json").read_text())
        for half, paths in halves(images(name)).items():
            found = count(truth, paths, recognizer, listed=half == "dev")
            total = sum(found.values())
            shares = [f"{100 * found[cause] / total:.2f}" for cause in ("", *CAUSES)]
            lines.append(f"| {name} | {half} | {total} | " + " | ".join(shares) + " |")
            print(lines[-1], flush=True)
    report = Path(__file__).with_suffix(".md")
    looked_at = report.read_text().partition("\n## ")
    report.write_text("\n".join(lines) + "\n" + "".join(looked_at[1:]))


def count(truth: dict[str, Any], paths: list[Path], recognizer: Any, *, listed: bool) -> Counter[str]:
    """How many cells have which cause; ``listed``: each image's wrong cells are printed."""
    total: Counter[str] = Counter()
    for path in paths:
        causes = list(causes_of(truth[path.stem]["grids"], recognized(recognizer, path)))
        own = Counter(cause for _, _, cause in causes)
        total += own
        wrong = {cause: own[cause] for cause in CAUSES if own[cause]}
        if listed and wrong:
            print(f"    {path.stem}: {wrong}")
    return total


if __name__ == "__main__":
    main()
