"""Cells of recognised images with what is known about them and whether they are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import ImageFailed
from app.recognition.engine import SourceImage
from app.recognition.local.pipeline import LocalRecognizer
from app.recognition.local.trust.judged import Features
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


def judged_cells(
    paths: Sequence[Path], truth: dict[str, Any], answers: Path, complete: bool = True
) -> list[JudgedCell]:
    """Every cell with text that the engine finds in the images. ``answers`` keeps what its networks said;
    ``complete``: ``truth`` knows every table, so one without a partner is wrong."""
    recorder, kept = Recorder(), Answers(answers)
    engine = LocalRecognizer(ocr=KeptOcr(kept), slanet=KeptSlanet(kept), confidence=recorder)
    found: list[JudgedCell] = []
    for path in paths:
        recorder.seen.clear()
        try:
            tables = [
                one.table for one in engine.recognize(SourceImage(path, path.name), lambda _: None).tables
            ]
        except ImageFailed:
            continue
        labels = right_cells(truth[path.stem]["grids"], [grid(table) for table in tables], complete)
        found += [
            JudgedCell(path.stem, recorder.of(cell.confidence), right)
            for table, rights in zip(tables, labels, strict=True)
            for cell, right in zip(table.cells, rights, strict=True)
            if right is not None
        ]
    return found
