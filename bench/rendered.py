"""Draws tables in a browser, varied and hard, with their truth: a set as the evaluation kit has them.

rendered.py FOLDER [--count N] [--seed S]

Needs chromium and the fonts of ``rendering.pages.FONTS`` (others are replaced by the browser's). A seed gives
the same images on the same machine. Image ``i`` depends on the seed and ``i`` alone: a larger set holds the
smaller one.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import Browser, sync_playwright

from bench.rendering.contents import Sheet
from bench.rendering.pages import Page, page
from bench.rendering.wear import Image, worn

SEED = 20261123
_LARGEST = 4e6
"""Device pixels; larger pages are drawn anew."""


def draw_set(folder: Path, count: int, seed: int = SEED) -> dict[str, Any]:
    """``count`` PNG files and truth.json in ``folder``, which is emptied; returns the truth."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    truth: dict[str, Any] = {}
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for number in range(count):
            name = f"rendered-{number:04d}"
            image, sheets = _drawn(browser, Random(f"{seed} {number}"))
            cv2.imwrite(str(folder / f"{name}.png"), image)
            truth[name] = {"grids": [_grid(sheet) for sheet in sheets]}
        browser.close()
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False))
    return truth


def _drawn(browser: Browser, rng: Random) -> tuple[Image, tuple[Sheet, ...]]:
    """The image of a page that is not too large."""
    while True:
        drawn = page(rng)
        image = _shot(browser, drawn, margin=rng.randint(2, 20))
        if image is not None:
            return worn(rng, np.asarray(255 - image, np.uint8) if drawn.dark else image), drawn.sheets


def _shot(browser: Browser, drawn: Page, margin: int) -> Image | None:
    context = browser.new_context(
        viewport={"width": drawn.width, "height": 400}, device_scale_factor=drawn.scale
    )
    try:
        view = context.new_page()
        view.set_content(drawn.markup)
        size = view.evaluate("() => [document.body.scrollWidth + 100, document.documentElement.scrollHeight]")
        if size[0] * size[1] * drawn.scale**2 > _LARGEST:
            return None
        view.set_viewport_size({"width": max(size[0], drawn.width), "height": size[1]})
        clip = None if drawn.whole else _around(view.evaluate(_BOX), margin)
        coded = view.screenshot(clip=clip, full_page=True)
    finally:
        context.close()
    return np.asarray(cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_COLOR), np.uint8)


_BOX = """() => {
  const box = document.getElementById('t0').getBoundingClientRect();
  return {x: box.x, y: box.y, width: box.width, height: box.height};
}"""


def _around(box: dict[str, float], margin: int) -> Any:
    """The box and up to ``margin`` pixels around it, no more than the page has above and to the left."""
    left, top = min(margin, box["x"]), min(margin, box["y"])
    return {
        "x": box["x"] - left,
        "y": box["y"] - top,
        "width": box["width"] + left + margin,
        "height": box["height"] + top + margin,
    }


def _grid(sheet: Sheet) -> dict[str, Any]:
    cells = [
        {"r": entry.row, "c": entry.col, "rs": entry.row_span, "cs": entry.col_span, "text": entry.text}
        for entry in sheet.entries
    ]
    return {"rows": sheet.rows, "cols": sheet.cols, "cells": cells}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    truth = draw_set(asked.folder, asked.count, asked.seed)
    print(
        f"{len(truth)} images, {sum(len(case['grids']) for case in truth.values())} tables in {asked.folder}"
    )


if __name__ == "__main__":
    main()
