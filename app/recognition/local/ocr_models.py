"""Loads PP-OCRv6-small's detection and recognition networks from the rapidocr wheel.

Model paths are given outright, so nothing is ever looked up or fetched over the network.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.errors import SetupError
from app.recognition.local.detection import TextDetector
from app.recognition.local.glance import Answer, Glance
from app.recognition.local.networks import OPENVINO, Floats, Network, best_runtime, load_network
from app.recognition.local.quantizing import ranges_of

RECOGNITION = "PP-OCRv6_rec_small.onnx"
Recognize = Callable[[Floats], Iterable[Answer]]
"""n × 3 × 48 × width, scaled to -1..1 → an answer for each of n lines, valid until the next one."""


@dataclass(frozen=True, slots=True)
class OcrModels:
    """The loaded networks."""

    detect: Callable[[NDArray[np.uint8]], Floats]
    """BGR image → n × 4 × 2 corners of text lines in its pixels, clipped to it."""
    recognize: Recognize
    glance: Recognize | None
    """The same with half of the work, as good on clear text. None where that is not to be had."""
    runtime: str
    """openvino or onnxruntime."""


def load_models(*, threads: int = 1, runtime: str | None = None) -> OcrModels:
    """Takes about a second; raises SetupError when the wheel lacks the models."""
    runtime = runtime or best_runtime()
    models = models_folder()
    detector = load_network(models / "PP-OCRv6_det_small.onnx", runtime, threads=threads, side_by_side=False)
    model = models / RECOGNITION
    recognizer = load_network(model, runtime, threads=threads, side_by_side=True)
    characters = ("", *recognizer.symbols, " ")
    glance = _glance(model, characters, threads) if runtime == OPENVINO else None
    return OcrModels(TextDetector(detector), _exact(recognizer, characters), glance, runtime)


def _glance(model: Path, characters: Sequence[str], threads: int) -> Glance | None:
    ranges = ranges_of(model)
    return Glance(model, characters, ranges, threads) if ranges else None


def _exact(network: Network, characters: Sequence[str]) -> Recognize:
    return lambda given: ((answer, characters) for answer in network.answers(given)[0])


def models_folder() -> Path:
    """Where the wheel keeps its networks."""
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise SetupError("The OCR models are missing: install the package `rapidocr`.")
    return Path(found.origin).parent / "models"
