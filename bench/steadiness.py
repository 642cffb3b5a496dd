"""How steady the local engine's answers are: what changes where its words' boxes or its image move slightly.

steadiness.py SET... [--half dev|aside] [--by jitter|scale|shift] [--amount PX] [--seeds N] [--only CASE...]

jitter  every side of every word box moves by up to ``--amount`` pixels, seeded; networks' answers are kept
scale   the image is drawn 1.02 times as large
shift   a white border of ``--amount`` pixels comes left of and above the image

Printed of each set: the share of tables whose rows, columns or spans change, the share of cells whose text
does (in any other structure, those not found again), and the kit's scores beside those without the change.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Word
from app.recognition.local.crops import Quad
from app.recognition.local.options import LocalOptions
from app.recognition.local.pipeline import LocalRecognizer
from app.tables.geometry import Box
from bench.kept import ROOT, Answers, KeptOcr, KeptSlanet
from bench.kit import folder, halves, images, recognized, scored, show

Grid = dict[str, Any]
_SCALE = 1.02
_NOTHING: Grid = {"cells": []}
_LEAST = 1.0
"""Smallest width and height of a moved box, in pixels."""


class JitteredOcr(KeptOcr):
    """OCR whose word boxes are off by up to ``amount`` pixels on each side."""

    def __init__(self, answers: Answers, amount: float, seed: int) -> None:
        super().__init__(answers)
        self._amount, self._seed = amount, seed

    def read(self, pixels: Pixels, quads: Sequence[Quad] | None = None) -> list[Word]:
        rng = random.Random(self._seed)
        return [self._moved(word, rng) for word in super().read(pixels, quads)]

    def _moved(self, word: Word, rng: random.Random) -> Word:
        box = word.box
        x0, y0, x1, y1 = (
            side + rng.uniform(-self._amount, self._amount) for side in (box.x0, box.y0, box.x1, box.y1)
        )
        moved = Box(x0, y0, max(x1, x0 + _LEAST), max(y1, y0 + _LEAST))
        stretch = moved.width / max(_LEAST, box.width)
        edges = tuple(moved.x0 + (x - box.x0) * stretch for x in word.char_edges)
        return replace(word, box=moved, char_edges=edges)


def changed(before: Sequence[Grid], after: Sequence[Grid]) -> Iterator[tuple[bool, int, int]]:
    """Of each table before: whether its structure is another, its cells with text, those not as they were."""
    for index, table in enumerate(before):
        other = after[index] if len(before) == len(after) else _NOTHING
        texts = Counter(cell["text"] for cell in table["cells"] if cell["text"])
        is_other = _places(table) != _places(other)
        lost = (
            (texts - Counter(cell["text"] for cell in other["cells"])) if is_other else _altered(table, other)
        )
        yield is_other, texts.total(), lost.total()


def _places(table: Grid) -> set[tuple[int, ...]]:
    return {(c["r"], c["c"], c["rs"], c["cs"]) for c in table["cells"]}


def _altered(table: Grid, other: Grid) -> Counter[str]:
    texts = {(cell["r"], cell["c"]): cell["text"] for cell in other["cells"]}
    return Counter(c["text"] for c in table["cells"] if c["text"] and texts[c["r"], c["c"]] != c["text"])


def redrawn(path: Path, by: str, amount: float, place: Path) -> Path:
    """The image, scaled or shifted, as a PNG in ``place``."""
    pixels = np.asarray(cv2.imread(str(path)), np.uint8)
    if by == "scale":
        drawn = cv2.resize(pixels, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_CUBIC)
    else:
        wide = round(amount)
        drawn = cv2.copyMakeBorder(pixels, wide, 0, wide, 0, cv2.BORDER_CONSTANT, value=(255,) * 3)
    cv2.imwrite(str(place / f"{path.stem}.png"), drawn)
    return place / f"{path.stem}.png"


def measure(name: str, asked: argparse.Namespace) -> None:
    """Prints the figures of one set."""
    plain, *others = _recognizers(asked)
    truth = json.loads((folder(name) / "truth.json").read_text())
    found: list[tuple[bool, int, int]] = []
    still, moved = list[dict[str, float]](), list[dict[str, float]]()
    chosen = [p for p in halves(images(name))[asked.half] if not asked.only or p.stem in asked.only]
    with tempfile.TemporaryDirectory() as place:
        for path in chosen:
            before = recognized(plain, path)
            still += scored(truth[path.stem]["grids"], before)
            shown = path if asked.by == "jitter" else redrawn(path, asked.by, asked.amount, Path(place))
            for seed, other in enumerate(others):
                after = recognized(other, shown)
                moved += scored(truth[path.stem]["grids"], after)
                changes = list(changed(before, after))
                found += changes
                if asked.list and any(is_other for is_other, _, _ in changes):
                    print(f"    {path.stem} {seed}: {_shapes(before)} -> {_shapes(after)}", flush=True)
    show(f"{name} {asked.half}", still)
    show(f"{name} {asked.by} {asked.amount}", moved)
    cells = sum(count for _, count, _ in found)
    print(
        f"    tables changed {sum(one for one, _, _ in found) / max(1, len(found)):.4f} of {len(found)}, "
        f"cells changed {sum(lost for _, _, lost in found) / max(1, cells):.4f} of {cells}",
        flush=True,
    )


def _recognizers(asked: argparse.Namespace) -> list[LocalRecognizer]:
    """The one that sees all as it is, and those whose answers are held against its."""
    answers = Answers(asked.answers)
    slanet = KeptSlanet(answers)
    plain = LocalRecognizer(LocalOptions(), ocr=KeptOcr(answers), slanet=slanet)
    if asked.by != "jitter":
        return [plain, plain]
    jittered = (JitteredOcr(answers, asked.amount, seed) for seed in range(asked.seeds))
    return [plain, *(LocalRecognizer(LocalOptions(), ocr=ocr, slanet=slanet) for ocr in jittered)]


def _shapes(tables: Sequence[Grid]) -> str:
    """Rows, columns and spanning cells of each."""
    return " ".join(
        f"{max(c['r'] + c['rs'] for c in t['cells'])}x{max(c['c'] + c['cs'] for c in t['cells'])}"
        f"+{sum(c['rs'] * c['cs'] > 1 for c in t['cells'])}"
        for t in tables
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--half", choices=("dev", "aside"), default="dev")
    parser.add_argument("--by", choices=("jitter", "scale", "shift"), default="jitter")
    parser.add_argument("--amount", type=float, default=0.5)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--list", action="store_true", help="name the images whose structure changes")
    parser.add_argument("--answers", type=Path, default=ROOT / "bench/out/answers.sqlite")
    asked = parser.parse_args()
    for name in asked.sets:
        measure(name, asked)


if __name__ == "__main__":
    main()
