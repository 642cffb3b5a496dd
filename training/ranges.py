"""Sees what the values within the recognition network keep to: python -m training.ranges [--out JSON]

Reads lines of tables that a browser draws (``bench.rendered``: none that the engine was tuned on) and writes
the engine's ``ranges.json``, with which its convolutions are quantized. Takes about a minute.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
import openvino

from app.recognition.decoding.page import Pixels
from app.recognition.local.batches import batches
from app.recognition.local.crops import cut
from app.recognition.local.letters.ink import without_rulings
from app.recognition.local.networks import Floats
from app.recognition.local.ocr import Ocr, line_width, network_input
from app.recognition.local.ocr_models import RECOGNITION, models_folder
from app.recognition.local.quantizing import RANGES, convolutions, digest
from bench.rendered import SEED
from training.confidence import drawn

_LINES = 5
"""Of each image."""
_STEPS = 255
"""Between the levels of 8 bits."""


def lines_of(paths: Iterable[Path], seed: int) -> Iterator[Pixels]:
    """A few text lines of each image."""
    ocr, random = Ocr(), Random(seed)  # noqa: S311
    for path in paths:
        pixels = np.asarray(cv2.imread(str(path)), np.uint8)
        crops = [crop.pixels for quad in ocr.detect(pixels) if (crop := cut(pixels, quad)) is not None]
        for crop in random.sample(crops, min(_LINES, len(crops))):
            yield without_rulings(crop)


def ranges(model: Path, inputs: Iterable[Floats]) -> dict[str, list[float]]:
    """Least and most value of what goes into each convolution."""
    core: Any = openvino.Core()
    network = core.read_model(model)
    watched = {name: node.input_value(0) for name, node in convolutions(network)}
    own = len(network.outputs)
    network.add_outputs(list(watched.values()))
    request = core.compile_model(network, "CPU").create_infer_request()
    seen = {name: [0.0, 0.0] for name in watched}
    for given in inputs:
        request.infer([given])
        for place, name in enumerate(watched, own):
            values = request.get_output_tensor(place).data
            least, most = seen[name]
            seen[name] = [min(least, float(values.min())), max(most, float(values.max()))]
    return {name: with_whole_zero(*bounds) for name, bounds in seen.items()}


def with_whole_zero(least: float, most: float) -> list[float]:
    """The range, a little wider, with 0 on one of its levels: OpenVINO moves all values by what it is off."""
    if least == 0:
        return [0.0, round(most, 4)]
    below = min(max(round(_STEPS * -least / (most - least)), 1), _STEPS - 1)
    step = round(max(-least / below, most / (_STEPS - below)), 6)
    return [round(-below * step, 6), round((_STEPS - below) * step, 6)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=300, help="images drawn")
    parser.add_argument("--images", type=int, default=40, help="of them, looked at")
    parser.add_argument("--out", type=Path, default=RANGES)
    asked = parser.parse_args()
    paths, _ = drawn(asked.count, SEED)
    lines = list(lines_of(paths[: asked.images], SEED))
    model = models_folder() / RECOGNITION
    widths = [line_width(line) for line in lines]
    inputs = (
        network_input([lines[i] for i in batch.indices], batch)
        for batch in batches(widths, range(len(lines)))
    )
    found = {"model": digest(model), "ranges": ranges(model, inputs)}
    asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{len(lines)} lines; written: {asked.out}")


if __name__ == "__main__":
    main()
