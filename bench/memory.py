"""Memory of one engine over many images of all sizes: it should settle and stay.

memory.py [IMAGES]   prints what the process holds, every 50 images, and its peak.
"""

from __future__ import annotations

import contextlib
import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from app.errors import NoTableFound
from app.recognition.decoding.page import Pixels
from app.recognition.engine import SourceImage
from app.recognition.local.options import LocalOptions
from app.recognition.local.pipeline import LocalRecognizer
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


def held_mb() -> float:
    """What the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    recognizer = LocalRecognizer(LocalOptions())
    print(f"loaded        {held_mb():6.0f} MB", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "image.png"
        for number, pixels in enumerate(images(count), start=1):
            cv2.imwrite(str(path), pixels)
            with contextlib.suppress(NoTableFound):
                recognizer.recognize(SourceImage(path, path.name), lambda _: None)
            if number % EVERY == 0:
                print(f"{number:5d} images  {held_mb():6.0f} MB  peak {peak_mb():6.0f} MB", flush=True)


def _on_paper(pixels: Pixels, height: int, width: int) -> Pixels:
    """The image at the top left of paper at least as large."""
    below, right = max(0, height - pixels.shape[0]), max(0, width - pixels.shape[1])
    white = (255, 255, 255)
    paper = cv2.copyMakeBorder(pixels, 0, below, 0, right, cv2.BORDER_CONSTANT, value=white)
    return np.asarray(paper, np.uint8)


if __name__ == "__main__":
    main()
