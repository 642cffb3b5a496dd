"""Draws a set of tables with truth: seeded, so every run and every contender sees the same images."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import cv2

from app.tables.grid import Cell, Table
from bench.ours import grid
from tests.support.tables import Look, draw

WORDS = ("Harbour", "Station", "Meadow", "Copper", "Tariff", "Season", "Library", "Engine", "Orchard")
LOOKS = ("all", "horizontal", "booktabs", "outer", "columns", "none")


def _number(rng: random.Random) -> str:
    value = rng.choice(
        [rng.randint(0, 99), rng.randint(100, 9999), rng.uniform(0, 100), rng.uniform(1e3, 1e6)]
    )
    return f"{value:,}" if isinstance(value, int) else f"{value:,.{rng.choice([1, 2])}f}"


def _body_cell(rng: random.Random, col: int) -> str:
    if col == 0:
        return " ".join(rng.sample(WORDS, rng.choice([1, 2])))
    return rng.choice(["-", ""]) if rng.random() < 0.06 else _number(rng)


def random_table(rng: random.Random) -> Table:
    """3–9 columns and 3–25 body rows; every second one has a two-level header with spanning cells."""
    return _table(rng, rng.randint(3, 9), rng.randint(3, 25))


def small_table(rng: random.Random) -> Table:
    """2–4 columns and 2–4 body rows, else the same."""
    return _table(rng, rng.randint(2, 4), rng.randint(2, 4))


def _table(rng: random.Random, cols: int, body: int) -> Table:
    levels = rng.choice([1, 2])
    cells = [Cell(0, 0, rng.choice(WORDS), row_span=levels)]
    col = 1
    while col < cols:
        span = min(rng.choice([1, 2, 3]), cols - col) if levels == 2 else 1
        cells.append(Cell(0, col, rng.choice(WORDS), col_span=span))
        if levels == 2:
            cells += [Cell(1, col + i, str(rng.randint(1990, 2030))) for i in range(span)]
        col += span
    for row in range(levels, levels + body):
        cells += [Cell(row, col, _body_cell(rng, col)) for col in range(cols)]
    return Table.from_cells(cells, header_rows=levels)


def draw_set(folder: Path, count: int, seed: int = 20261122) -> tuple[Path, dict[str, Any]]:
    """``count`` PNG files and truth.json in ``folder``; returns both."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    rng = random.Random(seed)
    truth = {}
    for number in range(count):
        table = random_table(rng)
        look = Look(
            rules=LOOKS[number % len(LOOKS)], size=rng.choice([14, 18, 24, 30]), right=rng.random() < 0.8
        )
        cv2.imwrite(str(folder / f"generated-{number:03d}.png"), draw(table, look))
        truth[f"generated-{number:03d}"] = {"grids": [grid(table)]}
    (folder / "truth.json").write_text(json.dumps(truth))
    return folder, truth
