"""Fits the model of confidence: python -m training.confidence [--count N] [--seed S] [--out JSON]

Draws tables in a browser (``bench.rendered``: none that the engine was tuned on), recognises them and the
development half of ``FITTED`` sets of the evaluation kit, labels every cell by the truth, fits the additive
model and writes the engine's ``coefficients.json``. The first run takes half an hour on two cores; later ones
ask the networks only for what changes of the engine made new.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from app.recognition.local.trust.model import COEFFICIENTS
from bench.calibration import PARTLY_KNOWN, auc, calibration_error, caught
from bench.kit import KIT, folder, halves, images
from bench.rendered import SEED, draw_set
from training.additive import Additive, Floats, fit
from training.collect import JudgedCell, judged_cells
from training.directions import DIRECTIONS

OUT = Path(__file__).parent.parent / "bench/out"
FITTED = ("latex-pages", "pubtabnet")
"""Their other half and the other sets, which show other tables, are left for measuring."""
_LARGEST = 7e5
"""Pixels; larger images take longer than they teach."""
_FOLDS = 5
_ROUNDS = 150
_READ = 0.5
"""Share of right cells from which an image teaches; others are in a script that is not known, or lost."""
_RIGHT = 0.97
"""Share of right cells that real images are taken to have; the drawn ones are harder on purpose. Wrong and
right cells are weighted to it (prior shift, Saerens et al. 2002)."""
_WIDEST = 8.0
"""Log odds."""


def drawn(count: int, seed: int) -> tuple[list[Path], dict[str, Any]]:
    """The images, drawn where they are not there yet, and their truth."""
    folder = OUT / f"rendered-{seed}-{count}"
    kept = folder / "truth.json"
    truth = json.loads(kept.read_text()) if kept.exists() else {}
    if len(truth) != count:
        truth = draw_set(folder, count, seed)
    paths = sorted(folder.glob("*.png"))
    return [path for path in paths if np.prod(Image.open(path).size) <= _LARGEST], truth


def cells_of(count: int, seed: int) -> list[JudgedCell]:
    """All cells to fit: of drawn tables, and of the kit. SystemExit without the kit."""
    paths, truth = drawn(count, seed)
    return of_read_images(judged_cells(paths, truth, OUT / "rendered.sqlite")) + of_kit()


def of_read_images(cells: list[JudgedCell]) -> list[JudgedCell]:
    """Those of images that were mostly read."""
    rights: dict[str, list[bool]] = {}
    for cell in cells:
        rights.setdefault(cell.image, []).append(cell.right)
    return [cell for cell in cells if sum(rights[cell.image]) > _READ * len(rights[cell.image])]


def of_kit() -> list[JudgedCell]:
    """Of the development half of the fitted sets."""
    found: list[JudgedCell] = []
    for name in FITTED:
        if not (KIT / "sets" / name).exists():
            raise SystemExit(f"No {name} in {KIT}: name the evaluation kit's folder in EVAL_KIT")
        truth = json.loads((folder(name) / "truth.json").read_text())
        paths = halves(images(name))["dev"]
        cells = judged_cells(paths, truth, OUT / "answers.sqlite", complete=name not in PARTLY_KNOWN)
        found += [replace(cell, image=f"{name} {cell.image}") for cell in cells]
    return found


def arrays(cells: list[JudgedCell]) -> tuple[Floats, Floats, Floats]:
    """Features, labels, and weights: an image's cells go right and wrong together, so many count for less."""
    values = np.array([[cell.features.get(name, np.nan) for name in DIRECTIONS] for cell in cells])
    right = np.array([float(cell.right) for cell in cells])
    _, place, counts = np.unique([cell.image for cell in cells], return_inverse=True, return_counts=True)
    weights = 1 / np.sqrt(counts[place])
    share = np.average(right, weights=weights)
    weights = weights * np.where(right == 1, _RIGHT / share, (1 - _RIGHT) / (1 - share))
    return values, right, weights / weights.mean()


def left_out(cells: list[JudgedCell], rounds: int) -> Floats:
    """The log odds of each cell by a model fitted to other images."""
    values, right, weights = arrays(cells)
    names = sorted({cell.image for cell in cells})
    fold = {name: i % _FOLDS for i, name in enumerate(names)}
    folds = np.array([fold[cell.image] for cell in cells])
    odds = np.zeros(len(cells))
    for one in range(_FOLDS):
        ours, others = folds == one, folds != one
        model = fit(values[others], right[others], weights[others], list(DIRECTIONS.values()), rounds)
        odds[ours] = model.odds(values[ours])
    return odds


def logistic(odds: Floats, right: Floats, weights: Floats) -> tuple[float, float]:
    """Platt's slope and offset, by Newton's method, drawn a little towards 1 and 0."""
    design = np.stack([np.clip(odds, -_WIDEST, _WIDEST), np.ones_like(odds)], 1)
    found, prior = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    for _ in range(50):
        said = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (weights * (right - said)) - (found - prior)
        bend = design.T @ (design * (weights * said * (1 - said))[:, None]) + np.eye(2)
        found = found + 0.5 * np.linalg.solve(bend, slope)
    return float(found[0]), float(found[1])


def written(model: Additive, slope: float, offset: float) -> dict[str, Any]:
    """As the engine reads it; features without weight are left out."""
    features: dict[str, Any] = {}
    for name, edges, weights in zip(DIRECTIONS, model.edges, model.weights, strict=True):
        if np.abs(weights).max() < 0.01:
            continue
        known = np.round(slope * weights[:-1], 3)
        turns = np.flatnonzero(np.diff(known))
        features[name] = {
            "edges": [round(float(edges[i]), 4) for i in turns],
            "weights": [float(known[i]) for i in [*turns, len(known) - 1]],
            "unknown": round(float(slope * weights[-1]), 3),
        }
    return {"bias": round(slope * model.bias + offset, 3), "features": features}


def report(label: str, odds: Floats, right: Floats) -> None:
    said = 1 / (1 + np.exp(-odds))
    print(
        f"{label}: {len(right)} cells, {int((1 - right).sum())} wrong, caught={caught(said, right):.3f}"
        f" auc={auc(said, right):.3f} ece={calibration_error(said, right, 15):.3f}"
    )


def fitted(cells: list[JudgedCell]) -> dict[str, Any]:
    """The coefficients, calibrated on images left out of the fit."""
    values, right, weights = arrays(cells)
    odds = left_out(cells, _ROUNDS)
    slope, offset = logistic(odds, right, weights)
    report("images left out of the fit", slope * odds + offset, right)
    model = fit(values, right, weights, list(DIRECTIONS.values()), _ROUNDS)
    return written(model, slope, offset)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=220)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=COEFFICIENTS)
    asked = parser.parse_args()
    cells = cells_of(asked.count, asked.seed)
    asked.out.write_text(json.dumps(fitted(cells), indent=1) + "\n", encoding="utf-8")
    print(f"{len({cell.image for cell in cells})} images; written: {asked.out}")


if __name__ == "__main__":
    main()
