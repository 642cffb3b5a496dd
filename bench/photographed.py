"""Photographs tables under named conditions, and measures the local engine condition by condition.

photographed.py draw [--count N] [--source FOLDER] [--conditions NAME...]    → bench/out/photographed
photographed.py geometry [CONDITION...]     how level and flat preparation makes them, without recognition
photographed.py measure [CONDITION...]      exact cells, and how well the cells' boxes lie in the photograph

``--source`` takes a folder with truth.json in the kit's form (no places are known there, so no boxes are
measured); without it tables of our own are drawn. ``kit.py bench/out/photographed`` scores the folder too.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from app.errors import ImageFailed
from app.recognition.decoding.page import Pixels
from app.recognition.decoding.pages import open_pages
from app.recognition.engine import DecodeLimits, SourceImage
from app.recognition.local.pipeline import LocalRecognizer
from app.recognition.local.preparing.prepare import Prepared, prepare
from app.tables.grid import Table
from bench.camera import Floats, Photo
from bench.conditions import SCREENS, SHOTS, photographed, screened
from bench.generated import LOOKS, random_table
from bench.kept import Answers, KeptOcr
from bench.ours import grid
from bench.score import exact_cells
from tests.support.tables import Look, draw, places

OUT = Path(__file__).parent / "out" / "photographed"
ANSWERS = OUT.parent / "photographed.sqlite"


def draw_own(conditions: Iterable[str], count: int, seed: int) -> dict[str, Any]:
    """``count`` tables of our own for each condition; returns the truth."""
    truth: dict[str, Any] = {}
    for name in conditions:
        rng = random.Random(f"{seed} {name}")
        for number in range(count):
            table = random_table(rng)
            look = Look(
                **(
                    {
                        "rules": LOOKS[number % len(LOOKS)],
                        "size": rng.choice([16, 20, 24]),
                        "right": rng.random() < 0.8,
                    }
                    | (SCREENS[name](rng) if name in SCREENS else {})
                )
            )
            margin = rng.choice([24, 60, 120])
            page = draw(table, look, margin=margin)
            photo = screened(name, rng, page) if name in SCREENS else photographed(name, rng, page)
            case = f"{name}-{number:02d}"
            _write(case, name, photo)
            corners = _corners(table, look, margin, photo)
            truth[case] = {"grids": [grid(table)], "places": [corners], "ruled": look.rules == "all"}
    return truth


def _corners(table: Table, look: Look, margin: int, photo: Photo) -> dict[str, Any]:
    """By "row,column": the cell's corners in the photograph, clockwise from its own top left."""
    return {
        f"{row},{col}": photo.seen(np.array([[b.x0, b.y0], [b.x1, b.y0], [b.x1, b.y1], [b.x0, b.y1]]))
        .round(2)
        .tolist()
        for (row, col), b in places(table, look, margin=margin).items()
    }


def draw_others(conditions: Iterable[str], count: int, seed: int, source: Path) -> dict[str, Any]:
    """The first ``count`` images of a folder under each condition of SHOTS."""
    known = json.loads((source / "truth.json").read_text())
    paths = sorted(path for path in source.iterdir() if path.stem in known)[0 : 2 * count : 2]
    truth: dict[str, Any] = {}
    for name in (name for name in conditions if name in SHOTS):
        rng = random.Random(f"{seed} {name}")
        for path in paths:
            page = np.asarray(cv2.imread(str(path)), np.uint8)
            page = np.asarray(
                cv2.copyMakeBorder(page, 30, 30, 30, 30, cv2.BORDER_CONSTANT, value=(255, 255, 255)), np.uint8
            )
            case = f"{name}-{path.stem}"
            _write(case, name, photographed(name, rng, page))
            truth[case] = known[path.stem]
    return truth


def _write(case: str, name: str, photo: Photo) -> None:
    if name in SCREENS and name not in ("large", "scanned"):
        cv2.imwrite(str(OUT / f"{case}.png"), photo.pixels)
    else:
        cv2.imwrite(str(OUT / f"{case}.jpg"), photo.pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])


def _images(truth: dict[str, Any], conditions: Sequence[str]) -> dict[str, list[Path]]:
    """By condition."""
    found: dict[str, list[Path]] = {}
    for path in sorted(path for path in OUT.iterdir() if path.stem in truth):
        name = path.stem.split("-")[0]
        if not conditions or name in conditions or path.stem in conditions:
            found.setdefault(name, []).append(path)
    return found


def geometry(truth: dict[str, Any], conditions: Sequence[str]) -> None:
    """Prints by condition, after preparation: how far from level and plumb the cells' edges are, how far the
    corners of a row of cells scatter, in heights of a row, and how many images are the wrong way up."""
    ocr = KeptOcr(Answers(ANSWERS))

    def read(crops: Sequence[Pixels]) -> list[tuple[str, float]]:
        return [(reading.text, reading.confidence) for reading in ocr.recognize(crops)]

    for name, paths in _images(truth, conditions).items():
        rows: list[list[float]] = []
        for path in paths:
            (page,) = open_pages(SourceImage(path, path.name), DecodeLimits())
            sheet = prepare(page.pixels, ocr.detect, read)
            quads = np.array(list(truth[path.stem]["places"][0].values())) * page.scale
            rows.append(_flatness(sheet, quads, truth[path.stem]["grids"][0]))
            if len(conditions) and rows[-1]:
                print(f"    {path.stem:22s} {_listed(rows[-1])} {sheet.steps}")
        mean = np.mean(rows, axis=0).tolist()
        print(f"{name:12s} n={len(rows)} {_listed(mean)}", flush=True)


def _listed(row: Sequence[float]) -> str:
    return "level={:5.2f}° plumb={:5.2f}° row={:5.3f} wrong way up={:4.2f}".format(*row)


def _flatness(sheet: Prepared, quads: Floats, truth: dict[str, Any]) -> list[float]:
    flat = sheet.from_source(quads.reshape(-1, 2)).reshape(-1, 4, 2)
    along, down = flat[:, 1] - flat[:, 0], flat[:, 3] - flat[:, 0]
    level = np.abs(np.rad2deg(np.arctan2(along[:, 1], along[:, 0])))
    plumb = np.abs(np.rad2deg(np.arctan2(down[:, 0], down[:, 1])))
    row_height = float(np.median(np.linalg.norm(down, axis=1)))
    tops: dict[int, list[float]] = {}
    for cell, quad in zip(truth["cells"], flat, strict=True):
        tops.setdefault(cell["r"], []).append(float(quad[0, 1]))
    scatter = float(np.mean([max(ys) - min(ys) for ys in tops.values()])) / row_height
    return [float(np.median(level)), float(np.median(plumb)), scatter, float(np.median(along[:, 0]) < 0)]


def measure(truth: dict[str, Any], conditions: Sequence[str]) -> None:
    """Prints by condition: exact cells and, of fully ruled tables of ours, the share of boxes that hold the
    middle of their cell and how far their own middles are off, in heights of a row."""
    recognizer = LocalRecognizer(ocr=KeptOcr(Answers(ANSWERS)))
    for name, paths in _images(truth, conditions).items():
        scores: list[float] = []
        offsets: list[float] = []
        holds: list[bool] = []
        for path in paths:
            tables = _recognized(recognizer, path)
            known = truth[path.stem]
            tried = [(exact_cells(known["grids"][0], grid(table)), i) for i, table in enumerate(tables)]
            score, best = max(tried, default=(0.0, -1))
            scores.append(score)
            if best >= 0 and known.get("ruled"):
                held, off = _boxes(tables[best], known["places"][0])
                holds += held
                offsets += off
            if conditions:
                print(f"    {path.stem:22s} cells={score:.3f} tables={len(tables)}")
        boxes = f"holds={np.mean(holds):.3f} off={np.median(offsets):.3f}" if holds else ""
        print(f"{name:12s} n={len(scores)} cells={np.mean(scores):.4f} {boxes}", flush=True)


def _recognized(recognizer: LocalRecognizer, path: Path) -> list[Table]:
    try:
        found = recognizer.recognize(SourceImage(path, path.name), lambda _: None)
    except ImageFailed:
        return []
    return [one.table for one in found.tables]


def _boxes(table: Table, known: dict[str, Any]) -> tuple[list[bool], list[float]]:
    """Of cells at the same place of the grid in truth."""
    holds: list[bool] = []
    offsets: list[float] = []
    for cell in table.cells:
        corners = known.get(f"{cell.row},{cell.col}")
        if corners is None or cell.box is None or not cell.text:
            continue
        quad = np.array(corners)
        x, y = quad.mean(axis=0)
        height = float(np.linalg.norm(quad[3] - quad[0]))
        holds.append(cell.box.x0 <= x <= cell.box.x1 and cell.box.y0 <= y <= cell.box.y1)
        offsets.append(float(np.hypot(*np.subtract(cell.box.center, (x, y)))) / height)
    return holds, offsets


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("draw", "geometry", "measure"))
    parser.add_argument("conditions", nargs="*")
    parser.add_argument("--count", type=int, default=6)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--source", type=Path)
    asked = parser.parse_args()
    if asked.what == "draw":
        shutil.rmtree(OUT, ignore_errors=True)
        OUT.mkdir(parents=True)
        names = asked.conditions or [*SHOTS, *SCREENS]
        drawn = (
            draw_others(names, asked.count, asked.seed, asked.source)
            if asked.source
            else draw_own(names, asked.count, asked.seed)
        )
        (OUT / "truth.json").write_text(json.dumps(drawn))
        return
    truth = json.loads((OUT / "truth.json").read_text())
    (geometry if asked.what == "geometry" else measure)(truth, asked.conditions)


if __name__ == "__main__":
    main()
