"""`make bench`: accuracy, speed and peak memory of the local engine, beside two peers, with a ratchet.

- Generated tables: ours and both peers read the same images one after another, each alone in its process.
- The evaluation kit, where there is one (``--kit`` or EVAL_KIT): accuracy from the workbooks of the CLI.
- Workbooks: planned and written beside plain XlsxWriter (bench/workbooks.py).
- bench/baseline.json holds accuracy, seconds an image and peak memory; falling below its accuracy, or clearly
  below its speed beside rapid_table's in the same run, is a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import workbooks
from bench.generated import draw_set
from bench.score import exact_cells_of_image

ROOT = Path(__file__).parent.parent
OUT = ROOT / "bench" / "out"
PEERS_PYTHON = ROOT / "bench" / ".venv" / "bin" / "python"
BASELINE = ROOT / "bench" / "baseline.json"
SETS = ("icdar-eu-crops", "icdar-eu-pages", "latex-pages", "pubtabnet", "photo-eu")
TOLERANCE = 0.005
SPEED_TOLERANCE = 0.15
"""Share that the ratio of two speeds differs by from run to run."""
COLUMNS = ("exact cells", "TEDS", "images/s", "× rapid_table", "peak MB")
console = Console()


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one contender on one set."""

    cells: float
    """Share of exact cells."""
    seconds: float
    """Wall time an image, all processes together."""
    peak_mb: float
    """Of the largest process."""
    times_rapid_table: float | None = None
    """Images a second over those of rapid_table in the same run."""
    teds: float | None = None
    """Tree edit distance based similarity (Zhong et al. 2020), where the kit measures it."""

    def columns(self) -> list[str]:
        teds = "" if self.teds is None else f"{self.teds:.3f}"
        times = "" if self.times_rapid_table is None else f"{self.times_rapid_table:.2f}"
        return [f"{self.cells:.3f}", teds, f"{1 / self.seconds:.2f}", times, f"{self.peak_mb:.0f}"]

    def kept(self) -> dict[str, float]:
        """For the baseline."""
        return {name: round(figure, 4) for name, figure in asdict(self).items() if figure is not None}

    def below(self, name: str, best: dict[str, float]) -> Iterator[str]:
        """A line for each figure that fell."""
        times = best.get("times_rapid_table", 0)
        for kind, score in (("cells", self.cells), ("teds", self.teds)):
            if score is not None and score < best.get(kind, 0) - TOLERANCE:
                yield f"{name}: {kind} {score:.4f} is below the baseline {best[kind]:.4f}"
        if self.times_rapid_table is not None and self.times_rapid_table < times * (1 - SPEED_TOLERANCE):
            yield f"{name}: {self.times_rapid_table:.2f} × rapid_table; the baseline is {times:.2f}"


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


def show(title: str, results: dict[str, dict[str, Any]], truth: dict[str, Any]) -> Figures:
    """Prints the contenders beside one another; returns ours."""
    table = Table("", *COLUMNS, title=title)
    rates = {name: result["images"] / result["seconds"] for name, result in results.items()}
    found: dict[str, Figures] = {}
    for name, result in results.items():
        cells = [exact_cells_of_image(truth[case]["grids"], grids) for case, grids in result["grids"].items()]
        times = rates[name] / rates["rapid_table"] if "rapid_table" in rates else None
        found[name] = Figures(sum(cells) / len(cells), 1 / rates[name], result["peak_mb"], times)
        table.add_row(name, *found[name].columns())
    console.print(table)
    return found["ours"]


def kit_figures(kit: Path, sets: list[str]) -> dict[str, Figures]:
    """What the command line makes of each set of the kit: the kit's own scores, from workbooks."""
    table = Table("", *COLUMNS, title="olmocr-backend convert")
    found: dict[str, Figures] = {}
    for name in sets:
        command = [sys.executable, kit / "measure.py", kit / "sets" / name, "--"]
        ours = [Path(sys.executable).with_name("olmocr-backend"), "convert", "--engine", "local"]
        line, peak_mb = _run_measured([*command, *ours])
        console.print(line)
        told = dict(re.findall(r"(\w+)=([\d.]+)", line))
        found[name] = Figures(
            float(told["cells"]), float(told["seconds_per_picture"]), peak_mb, teds=float(told["teds"])
        )
        table.add_row(name, *found[name].columns())
    console.print(table)
    return found


def _run_measured(command: list[str | Path]) -> tuple[str, float]:
    """The last line that the command prints, and the peak memory (MB) of the largest process under it."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        lines = running.stdout.read().strip().splitlines()
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode or not lines:
        raise SystemExit(f"{command[1]} failed")
    return lines[-1], used.ru_maxrss / 1024


def ratchet(found: dict[str, Figures], written: dict[str, float], update: bool) -> int:
    """Compares with the best so far; 1 when accuracy fell, or speed beside the same run's rapid_table or, of
    workbooks (``written``), beside plain XlsxWriter."""
    best: dict[str, dict[str, float]] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    fell = [line for name, figures in found.items() for line in figures.below(name, best.get(name, {}))]
    fell += workbooks.worse(written, best.get("workbooks", {}))
    for line in fell:
        console.print(f"[red]{line}[/]")
    if update:
        merged = best | {name: figures.kept() for name, figures in found.items()} | {"workbooks": written}
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
    parser.add_argument("--images", type=int, default=24, help="how many generated ones each contender reads")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--workbooks", action="store_true", help="planning and writing of workbooks alone")
    parser.add_argument("--update", action="store_true", help="write the figures into bench/baseline.json")
    asked = parser.parse_args()

    if asked.workbooks:
        return ratchet({}, workbooks.show(), asked.update)
    OUT.mkdir(exist_ok=True)
    peers = not asked.no_peers and install_peers()
    folder, truth = draw_set(OUT / "generated", asked.images)
    found = {"generated": show("Generated tables", side_by_side(folder, asked.images, peers), truth)}
    written = workbooks.show()
    if (asked.kit / "measure.py").exists():
        crops = asked.kit / "sets" / "icdar-eu-crops"
        known = json.loads((crops / "truth.json").read_text())
        title = "icdar-eu-crops, one process each"
        found[title] = show(title, side_by_side(crops, len(known), peers), known)
        found |= kit_figures(asked.kit, asked.sets)
    return ratchet(found, written, asked.update)


if __name__ == "__main__":
    sys.exit(main())
