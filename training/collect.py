"""Cells of recognised images with what is known about them and whether they are right."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from app.errors import ImageFailed
from app.recognition.engine import SourceImage
from app.recognition.local.pipeline import LocalRecognizer
from app.recognition.local.trust.judged import Features
from app.tables.grid import Table
from bench.kept import Answers, KeptOcr, KeptSlanet
from bench.labels import right_cells
from bench.ours import grid

_STEP = 1e-7
"""Between the confidences that stand for numbers of cells."""


@dataclass
class Recorder:
    """Stands in for the model: keeps each cell's features, and gives the cell's number as its confidence."""

    seen: list[Features] = field(default_factory=list)

    def __call__(self, features: Features) -> float:
        self.seen.append(features)
        return len(self.seen) * _STEP

    def of(self, confidence: float | None) -> Features:
        """The features of the cell with this confidence."""
        return self.seen[round((confidence or 0.0) / _STEP) - 1]


@dataclass(frozen=True)
class JudgedCell:
    """A cell with text."""

    image: str
    features: Features
    right: bool


def judged_images(
    paths: Sequence[Path], truth: dict[str, Any], answers: Path, complete: bool = True
) -> Iterator[list[JudgedCell]]:
    """For each image every cell with text that the engine finds. ``answers`` keeps what its networks said;
    ``complete``: ``truth`` knows every table, so one without a partner is wrong."""
    recorder, kept = Recorder(), Answers(answers)
    engine = LocalRecognizer(ocr=KeptOcr(kept), slanet=KeptSlanet(kept), confidence=recorder)
    for path in paths:
        recorder.seen.clear()
        tables = _tables(engine, path)
        labels = right_cells(truth[path.stem]["grids"], [grid(table) for table in tables], complete)
        yield [
            JudgedCell(path.stem, recorder.of(cell.confidence), right)
            for table, rights in zip(tables, labels, strict=True)
            for cell, right in zip(table.cells, rights, strict=True)
            if right is not None
        ]


def judged_cells(
    paths: Sequence[Path], truth: dict[str, Any], answers: Path, complete: bool = True
) -> list[JudgedCell]:
    """Every cell with text of all images, with a process a core."""
    count = os.cpu_count() or 1
    shares = [paths[i::count] for i in range(count)]
    # forked beside the threads of the browser that drew the tables, a process may wait for ever
    with ProcessPoolExecutor(count, get_context("spawn")) as pool:
        parts = pool.map(_listed, shares, repeat(truth), repeat(answers), repeat(complete))
        return sorted((cell for part in parts for cell in part), key=lambda cell: cell.image)


def _listed(paths: Sequence[Path], truth: dict[str, Any], answers: Path, complete: bool) -> list[JudgedCell]:
    return [cell for cells in judged_images(paths, truth, answers, complete) for cell in cells]


def _tables(engine: LocalRecognizer, path: Path) -> list[Table]:
    try:
        return [
            found.table for found in engine.recognize(SourceImage(path, path.name), lambda _: None).tables
        ]
    except ImageFailed:
        return []
