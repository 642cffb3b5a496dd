"""Page, or crops of its tables: which of them the stand-in for olmOCR reads better.

shown.py [SET...] [--answers FILE]

A model of a model, since none was asked: a cell of a true table comes back wrong with the probability

    BASE + WORST / (1 + exp(height - legible)) + LONG * (cells of the answer - FREE)

``height``: of the ink of the table's words in pixels as they are shown (1288 for the longer side of the page
or the crop); ``legible``: where half of the small-letter faults come, tried at 5, 7 and 9 pixels; LONG: long
answers drift. What the crops cost is measured, not modelled: a crop is where the local engine found a table,
and cells of the truth that do not stand in the best crop of their table are lost. Reported is the expected
share of right cells: for pages, for crops, and for crops of those pages alone whose text would stand below N
pixels.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from statistics import median

from app.recognition.engine import Recognition
from app.recognition.olmocr.page_image import LONGEST_SIDE
from app.tables.geometry import Box
from app.tables.grid import Table
from bench.crosscheck import tables_of
from bench.kit import ROOT, folder, images, kept_reader
from bench.labels import norm

BASE, WORST, LONG, FREE = 0.01, 0.5, 0.0001, 150
LEGIBLE = (5.0, 7.0, 9.0)
BELOW = (5, 6, 7, 8, 9, 10, 12)
SETS = ("icdar-eu-pages", "latex-pages", "icdar-eu-crops", "photo-eu")


@dataclass(frozen=True, slots=True)
class Shown:
    """A true table as it is shown, whole page or crop."""

    cells: int
    height: float
    """Of its ink, pixels."""
    answer: int
    """Cells in the whole answer."""
    there: float = 1.0
    """Share of the table that the image shows."""

    def right(self, legible: float) -> float:
        """Cells that are expected to come back right."""
        small = WORST / (1 + exp(min(50.0, self.height - legible)))
        return self.cells * self.there * (1 - min(1.0, BASE + small + LONG * max(0, self.answer - FREE)))


def pairs(truth: Sequence[Table], read: Recognition) -> Iterator[tuple[Shown, Shown]]:
    """Each true table on its page, and in the best of the crops."""
    page = read.words[0]
    words = Counter(norm(word.text) for word in page.words)
    crops = [found for found in read.tables if found.box is not None]
    inside = [[word for word in page.words if _holds(found.box, word.box)] for found in crops]
    everything = sum(sum(bool(cell.text) for cell in table.cells) for table in truth)
    for table in truth:
        cells = sum(bool(cell.text) for cell in table.cells)
        wanted = _tokens(table) & _split(words)
        shares = [(wanted & _split(Counter(norm(w.text) for w in each))).total() for each in inside]
        best = max(range(len(crops)), key=shares.__getitem__, default=-1)
        own = inside[best] if best >= 0 and inside[best] else list(page.words)
        height = median(word.box.height for word in own) if own else 0.0
        on_page = Shown(cells, height * LONGEST_SIDE / max(page.width, page.height), everything)
        if best < 0:
            yield on_page, on_page  # nothing to crop: the page is shown
            continue
        box = crops[best].box
        side = max(box.width, box.height) if box else 1.0
        yield (
            on_page,
            Shown(cells, height * LONGEST_SIDE / side, cells, shares[best] / max(1, wanted.total())),
        )


def _holds(box: Box | None, inner: Box) -> bool:
    x, y = inner.center
    return box is not None and box.x0 - 4 <= x <= box.x1 + 4 and box.y0 - 4 <= y <= box.y1 + 4


def _tokens(table: Table) -> Counter[str]:
    return _split(Counter(norm(cell.text) for cell in table.cells if cell.text))


def _split(texts: Counter[str]) -> Counter[str]:
    """Pieces of three characters: words of the page are cut otherwise than cells of the truth."""
    return Counter(text[i : i + 3] for text in texts.elements() for i in range(max(1, len(text) - 2)))


def report(label: str, tables: Sequence[tuple[Shown, Shown]]) -> None:
    """Expected shares of right cells."""
    cells = max(1, sum(page.cells for page, _ in tables))

    def share(chosen: Iterable[Shown], legible: float) -> str:
        return f"{sum(each.right(legible) for each in chosen) / cells:.3f}"

    heights = sorted(page.height for page, _ in tables)
    quarters = [round(heights[len(heights) * i // 4], 1) for i in (0, 1, 2, 3)] if heights else []
    there = sum(crop.there * crop.cells for _, crop in tables) / cells
    print(
        f"{label}: {len(tables)} tables, ink heights from {quarters} px, crops hold {there:.3f}", flush=True
    )
    for legible in LEGIBLE:
        below = " ".join(
            f"<{n}={share((crop if page.height < n else page for page, crop in tables), legible)}"
            for n in BELOW
        )
        page, crop = (share((pair[side] for pair in tables), legible) for side in (0, 1))
        print(f"  legible {legible:g}: page={page} crop={crop} {below}", flush=True)


def measure(names: Sequence[str], read: Callable[[str, Path], Recognition | None]) -> None:
    everything: list[tuple[Shown, Shown]] = []
    for name in names:
        truth = json.loads((folder(name) / "truth.json").read_text())
        tables: list[tuple[Shown, Shown]] = []
        for path in images(name):
            seen = read(name, path)
            if seen is not None:
                tables += pairs(tables_of(truth[path.stem]), seen)
        report(name, tables)
        everything += tables
    report("all", everything)


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
