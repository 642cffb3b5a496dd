"""Measures the local engine on sets of the evaluation kit, with the networks' answers kept on disk.

kit.py SET... [--half dev|aside] [--only CASE...] [--worst N] [--overlay DIR] [--predictions OUT.json]

Sets that rendered.py drew into bench/out/ go by the name of their folder.

Every second image of a set, by name, is set aside: ``dev`` ones may be looked at and drawn, of ``aside`` ones
only the totals. Scores are the kit's own (``score.py``), from the engine's tables instead of workbooks.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.errors import ImageFailed
from app.recognition.engine import Recognition, SourceImage
from app.recognition.local.options import LocalOptions
from app.recognition.local.pipeline import LocalRecognizer
from bench.kept import ROOT, Answers, KeptOcr, KeptReadings, KeptSlanet
from bench.ours import grid

KIT = Path(os.environ.get("EVAL_KIT", ROOT.parent / "shared/eval"))
SETS = ("icdar-eu-crops", "icdar-eu-pages", "latex-pages", "pubtabnet", "photo-eu")
sys.path.insert(0, str(KIT))


def folder(name: str) -> Path:
    """Of a set of the kit, or of one that was drawn into ``bench/out``."""
    drawn = ROOT / "bench/out" / name
    return drawn if (drawn / "truth.json").exists() else KIT / "sets" / name


def images(name: str) -> list[Path]:
    """The images of a set, by name."""
    return sorted(path for path in folder(name).iterdir() if path.suffix != ".json")


def halves(paths: list[Path]) -> dict[str, list[Path]]:
    """``dev`` and ``aside``."""
    return {"dev": paths[0::2], "aside": paths[1::2]}


def kept_recognizer(answers: Path, overlay: Path | None = None) -> LocalRecognizer:
    """The local engine whose networks answer from ``answers`` where they can."""
    kept = Answers(answers)
    return LocalRecognizer(LocalOptions(overlay=overlay), ocr=KeptOcr(kept), slanet=KeptSlanet(kept))


def kept_reader(answers: Path) -> Callable[[str, Path], Recognition | None]:
    """Reads an image of a set, words and all; None where it was refused."""
    readings = KeptReadings(Answers(answers), kept_recognizer(answers))
    return lambda _, path: readings.read(path)


def recognized(recognizer: LocalRecognizer, path: Path) -> list[dict[str, Any]]:
    """The tables of an image as the kit's grids; none where the image was refused."""
    try:
        found = recognizer.recognize(SourceImage(path, path.name), lambda _: None)
    except ImageFailed:
        return []
    return [grid(table.table) for table in found.tables]


def scored(truth: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[dict[str, float]]:
    """The kit's scores, one row a true table."""
    from grids import make
    from report import best

    return best(truth, [make(one["cells"]) for one in found])


def show(label: str, rows: list[dict[str, float]]) -> None:
    from report import KEYS, mean

    if rows:
        totals = mean(rows)
        print(
            f"{label:28s} n={len(rows):4d} " + " ".join(f"{key}={totals[key]:.4f}" for key in KEYS),
            flush=True,
        )


def measure(name: str, recognizer: LocalRecognizer, asked: argparse.Namespace) -> dict[str, Any]:
    """Prints the scores of one set and returns its predictions."""
    truth = json.loads((folder(name) / "truth.json").read_text())
    rows: dict[str, list[dict[str, float]]] = {}
    predictions: dict[str, Any] = {}
    for half, paths in halves(images(name)).items():
        if asked.half not in (None, half):
            continue
        chosen = [path for path in paths if not asked.only or path.stem in asked.only]
        for path in chosen:
            predictions[path.stem] = {"grids": recognized(recognizer, path), "seconds": 0.0}
            rows[path.stem] = scored(truth[path.stem]["grids"], predictions[path.stem]["grids"])
        show(f"{name} {half}", [row for path in chosen for row in rows[path.stem]])
        if asked.worst and half == "dev":
            worst = sorted(
                chosen, key=lambda path: sum(r["cells"] for r in rows[path.stem]) / len(rows[path.stem])
            )
            for path in worst[: asked.worst]:
                show(f"    {path.stem}", rows[path.stem])
    if asked.half is None and not asked.only:
        show(name, [row for found in rows.values() for row in found])
    return predictions


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--half", choices=("dev", "aside"))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--overlay", type=Path)
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--answers", type=Path, default=ROOT / "bench/out/answers.sqlite")
    asked = parser.parse_args()
    recognizer = kept_recognizer(asked.answers, asked.overlay)
    predictions = {name: measure(name, recognizer, asked) for name in asked.sets}
    if asked.predictions:
        asked.predictions.write_text(json.dumps(predictions))


if __name__ == "__main__":
    main()
