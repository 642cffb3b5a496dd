"""Memory of one engine over many images of all sizes: it should settle and stay.

memory.py [IMAGES]   prints what the engine process holds, every 50 images, and its peak.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from app.errors import NoTableFound
from app.recognition.decoding.page import Pixels
from app.recognition.engine import SourceImage
from app.recognition.local.options import LocalOptions
from app.services.engine_process import EngineProcess
from app.services.local_engine import local_recognizer
from bench.generated import LOOKS, small_table
from tests.support.tables import Look, draw

IMAGES = 500
EVERY = 50
PAGES = 0.1
"""Share of images as large as a page of 200 dots an inch."""


def images(count: int, seed: int = 7) -> Iterator[Pixels]:
    """Small tables in letters of all sizes, some on much paper; the same ones every time."""
    rng = random.Random(seed)
    for _ in range(count):
        look = Look(rules=rng.choice(LOOKS), size=rng.randint(11, 36), right=rng.random() < 0.8)
        pixels = draw(small_table(rng), look, margin=rng.randint(0, 60))
        large = rng.random() < PAGES
        yield _on_paper(pixels, rng.randint(1700, 2400), rng.randint(1200, 2400)) if large else pixels


def held_mb(pid: int, what: str = "VmRSS") -> float:
    """What the process holds now, or held at most (VmHWM)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


async def run(count: int) -> None:
    process = EngineProcess(partial(local_recognizer, LocalOptions()))
    await process.start()
    assert process.pid is not None
    print(f"{'loaded':>12s}  {held_mb(process.pid):6.0f} MB", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "image.png"
        for number, pixels in enumerate(images(count), start=1):
            cv2.imwrite(str(path), pixels)
            with contextlib.suppress(NoTableFound):
                await process.recognize(SourceImage(path, path.name), lambda _: None)
            if number % EVERY == 0:
                await asyncio.sleep(0.5)  # it gives memory back once its answer is sent
                held, peak = held_mb(process.pid), held_mb(process.pid, "VmHWM")
                print(f"{number:5d} images  {held:6.0f} MB  peak {peak:6.0f} MB", flush=True)
    await process.kill()


def main() -> None:
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else IMAGES))


def _on_paper(pixels: Pixels, height: int, width: int) -> Pixels:
    """The image at the top left of paper at least as large."""
    below, right = max(0, height - pixels.shape[0]), max(0, width - pixels.shape[1])
    white = (255, 255, 255)
    paper = cv2.copyMakeBorder(pixels, 0, below, 0, right, cv2.BORDER_CONSTANT, value=white)
    return np.asarray(paper, np.uint8)


if __name__ == "__main__":
    main()
