"""Measures the cells' confidence on sets of the evaluation kit, or on sets that rendered.py drew.

calibration.py SET... [--half dev|aside]

A cell with text is wrong where the truth's text at the aligned place differs, or where its row or column has
no partner. Reported: how many are wrong, the share of the wrong among the least confident tenth of all cells
(and the most that this share could be), area under the ROC curve, Brier score, expected calibration error
(Naeini et al. 2015) over 10 and 15 bins of equal mass; then the cells that the workbook marks: their share,
how many of them are wrong and what share of the wrong they are; the wrong cells by their fault
(``labels.faults_of``) as found among the least confident tenth/all; and at last a table of reliability.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import ImageFailed
from app.recognition.engine import SourceImage
from app.recognition.local.pipeline import LocalRecognizer
from app.workbook.doubt import DOUBT_BELOW
from bench.kit import ROOT, SETS, folder, halves, images, kept_recognizer
from bench.labels import faults_of
from bench.ours import grid

Floats = NDArray[np.float64]
PARTLY_KNOWN = ("latex-pages",)
"""Sets whose truth leaves some tables of an image out."""
_DOUBTED = 0.1


@dataclass(frozen=True, slots=True)
class Labelled:
    """A cell with text."""

    confidence: float
    fault: str
    """Why it is wrong; empty where it is right."""


def judged(
    recognizer: LocalRecognizer, path: Path, truths: list[dict[str, Any]], complete: bool
) -> list[Labelled]:
    """Every cell with text in an image."""
    try:
        tables = [
            found.table for found in recognizer.recognize(SourceImage(path, path.name), lambda _: None).tables
        ]
    except ImageFailed:
        return []
    labels = faults_of(truths, [grid(table) for table in tables], complete)
    return [
        Labelled(cell.confidence if cell.confidence is not None else 1.0, fault)
        for table, faults in zip(tables, labels, strict=True)
        for cell, fault in zip(table.cells, faults, strict=True)
        if fault is not None
    ]


def caught(confidence: Floats, right: Floats) -> float:
    """Share of the wrong cells among the least confident tenth; cells of equal confidence count in part."""
    count = _DOUBTED * len(right)
    order = np.argsort(confidence, kind="stable")
    edge = confidence[order[min(len(order) - 1, int(count))]]
    below, at = confidence < edge, confidence == edge
    part = (count - below.sum()) / max(1, at.sum())
    return float(((1 - right)[below].sum() + part * (1 - right)[at].sum()) / max(1, (1 - right).sum()))


def auc(confidence: Floats, right: Floats) -> float:
    """That a right cell has more confidence than a wrong one."""
    _, place, counts = np.unique(confidence, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    good = right.sum()
    bad = len(right) - good
    return float((ranks[right == 1].sum() - good * (good + 1) / 2) / max(1, good * bad))


def bins(confidence: Floats, right: Floats, count: int) -> list[tuple[int, float, float]]:
    """Cells, mean confidence and share of right ones, in bins of equal mass, ascending."""
    order = np.argsort(confidence, kind="stable")
    return [
        (len(part), float(confidence[part].mean()), float(right[part].mean()))
        for part in np.array_split(order, count)
        if len(part)
    ]


def calibration_error(confidence: Floats, right: Floats, count: int) -> float:
    """How far confidence is from the share of right cells, on average."""
    return sum(size * abs(said - was) for size, said, was in bins(confidence, right, count)) / max(
        1, len(right)
    )


def show(label: str, cells: Sequence[Labelled]) -> None:
    """Two lines of figures."""
    if not cells:
        return
    confidence, right = _arrays(cells)
    wrong = int((1 - right).sum())
    marked = confidence < DOUBT_BELOW
    found = (1 - right)[marked].sum()
    figures = {
        "caught": caught(confidence, right),
        "possible": min(1.0, _DOUBTED * len(right) / max(1, wrong)),
        "auc": auc(confidence, right),
        "brier": float(((confidence - right) ** 2).mean()),
        "ece10": calibration_error(confidence, right, 10),
        "ece15": calibration_error(confidence, right, 15),
        "said": float(confidence.mean()),
        "right": float(right.mean()),
        "marked": float(marked.mean()),
        "precision": float(found / max(1, marked.sum())),
        "recall": float(found / max(1, wrong)),
    }
    row = " ".join(f"{name}={value:.3f}" for name, value in figures.items())
    print(f"{label:22s} cells={len(right):5d} wrong={wrong:4d} {row}")
    print(f"{'':22s} {_by_fault(cells, confidence)}", flush=True)


def _by_fault(cells: Sequence[Labelled], confidence: Floats) -> str:
    """For each fault how many wrong cells are among the least confident tenth, of how many."""
    doubted = set(np.argsort(confidence, kind="stable")[: int(_DOUBTED * len(cells))].tolist())
    every = Counter(cell.fault for cell in cells if cell.fault)
    found = Counter(cell.fault for i, cell in enumerate(cells) if cell.fault and i in doubted)
    return " ".join(f"{fault}={found[fault]}/{count}" for fault, count in every.most_common())


def _arrays(cells: Sequence[Labelled]) -> tuple[Floats, Floats]:
    """Confidence, and 1 where right."""
    return (
        np.array([cell.confidence for cell in cells], np.float64),
        np.array([float(not cell.fault) for cell in cells], np.float64),
    )


def show_bins(cells: Sequence[Labelled]) -> None:
    print("cells   said    right")
    for size, said, was in bins(*_arrays(cells), 15):
        print(f"{size:5d}  {said:.3f}   {was:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--half", choices=("dev", "aside"))
    parser.add_argument("--answers", type=Path, default=ROOT / "bench/out/answers.sqlite")
    asked = parser.parse_args()
    recognizer = kept_recognizer(asked.answers)
    everything: dict[str, list[Labelled]] = {"dev": [], "aside": []}
    for name in asked.sets:
        truth = json.loads((folder(name) / "truth.json").read_text())
        for half, paths in halves(images(name)).items():
            if asked.half not in (None, half):
                continue
            complete = name not in PARTLY_KNOWN
            found = [cell for p in paths for cell in judged(recognizer, p, truth[p.stem]["grids"], complete)]
            show(f"{name} {half}", found)
            everything[half] += found
    for half, found in everything.items():
        show(f"all {half}", found)
    both = [cell for found in everything.values() for cell in found]
    show("all", both)
    show_bins(both)


if __name__ == "__main__":
    main()
