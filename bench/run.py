"""`make bench`: accuracy, speed and peak memory of the local engine, beside two peers, with a ratchet.

- Generated tables: ours and both peers read the same images one after another, each alone in its process.
- The evaluation kit, where there is one (``--kit`` or EVAL_KIT): accuracy from the workbooks of the CLI.
- bench/baseline.json holds the best accuracy so far; falling below it is a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.generated import draw_set
from bench.score import exact_cells_of_image

ROOT = Path(__file__).parent.parent
OUT = ROOT / "bench" / "out"
PEERS_PYTHON = ROOT / "bench" / ".venv" / "bin" / "python"
BASELINE = ROOT / "bench" / "baseline.json"
SETS = ("icdar-eu-crops", "icdar-eu-pages", "latex-pages", "pubtabnet", "photo-eu")
TOLERANCE = 0.005
console = Console()


def install_peers() -> bool:
    """Puts the peers into an environment of their own; False when they cannot be had."""
    if PEERS_PYTHON.exists():
        return True
    uv = [sys.executable, "-m", "uv"]
    made = subprocess.run(
        [*uv, "venv", "-q", "--python", sys.executable, PEERS_PYTHON.parents[1]], check=False
    )
    if made.returncode:
        return False
    bench = ROOT / "bench"
    wanted = ["-r", bench / "requirements-peers.txt", "--override", bench / "overrides-peers.txt"]
    into = ["--python", PEERS_PYTHON]
    done = subprocess.run([*uv, "pip", "install", "-q", *into, *wanted], check=False)
    return done.returncode == 0


def run_alone(name: str, command: list[str | Path], out: Path) -> dict[str, Any]:
    """Runs one contender in a process of its own and reads what it left."""
    console.print(f"[dim]running {name} …[/]")
    subprocess.run(
        command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    return json.loads(out.read_text())


def side_by_side(folder: Path, limit: int, peers: bool) -> dict[str, dict[str, Any]]:
    """Ours, then each peer, on the same images."""
    contenders: dict[str, list[str | Path]] = {"ours": [sys.executable, ROOT / "bench" / "ours.py"]}
    if peers:
        for peer in ("rapid_table", "img2table"):
            contenders[peer] = [PEERS_PYTHON, ROOT / "bench" / "peer.py", peer]
    results = {}
    for name, command in contenders.items():
        out = OUT / f"{folder.name}.{name}.json"
        results[name] = run_alone(name, [*command, folder, out, str(limit)], out)
    return results


def show(title: str, results: dict[str, dict[str, Any]], truth: dict[str, Any]) -> float:
    """Prints the contenders beside one another; returns our share of exact cells."""
    table = Table("", "exact cells", "images/s", "× ours", "peak MB", title=title)
    ours = results["ours"]["images"] / results["ours"]["seconds"]
    score = 0.0
    for name, result in results.items():
        cells = [exact_cells_of_image(truth[case]["grids"], grids) for case, grids in result["grids"].items()]
        mean, speed = sum(cells) / len(cells), result["images"] / result["seconds"]
        score = mean if name == "ours" else score
        table.add_row(name, f"{mean:.3f}", f"{speed:.2f}", f"{speed / ours:.2f}", f"{result['peak_mb']:.0f}")
    console.print(table)
    return score


def kit_accuracy(kit: Path, sets: list[str]) -> dict[str, float]:
    """Exact cells of each set of the kit, from workbooks; the kit's own line is printed."""
    found = {}
    for name in sets:
        command = [sys.executable, kit / "measure.py", kit / "sets" / name, "--"]
        ours = [Path(sys.executable).with_name("olmocr-backend"), "convert", "--engine", "local"]
        done = subprocess.run([*command, *ours], capture_output=True, text=True, check=True)
        line = done.stdout.strip().splitlines()[-1]
        console.print(line)
        found[name] = float(re.search(r"cells=([\d.]+)", line)[1])  # type: ignore[index]
    return found


def ratchet(scores: dict[str, float], update: bool) -> int:
    """Compares with the best so far; 1 when something fell."""
    best: dict[str, float] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    fell = {name: best[name] for name in scores if scores[name] < best.get(name, 0) - TOLERANCE}
    for name, before in fell.items():
        console.print(f"[red]{name}: {scores[name]:.4f} is below the baseline {before:.4f}[/]")
    if update:
        merged = best | {name: round(score, 4) for name, score in scores.items()}
        BASELINE.write_text(json.dumps(merged, indent=2, sort_keys=True) + "\n")
    return 1 if fell else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--kit", type=Path, default=Path(os.environ.get("EVAL_KIT", ROOT.parent / "shared/eval"))
    )
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--images", type=int, default=24, help="how many images each contender reads")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--update", action="store_true", help="write the figures into bench/baseline.json")
    asked = parser.parse_args()

    OUT.mkdir(exist_ok=True)
    peers = not asked.no_peers and install_peers()
    folder, truth = draw_set(OUT / "generated", asked.images)
    scores = {"generated": show("Generated tables", side_by_side(folder, asked.images, peers), truth)}
    if (asked.kit / "measure.py").exists():
        crops = asked.kit / "sets" / "icdar-eu-crops"
        known = json.loads((crops / "truth.json").read_text())
        show("icdar-eu-crops, one process each", side_by_side(crops, asked.images, peers), known)
        scores |= kit_accuracy(asked.kit, asked.sets)
    return ratchet(scores, asked.update)


if __name__ == "__main__":
    sys.exit(main())
