"""Loads PP-OCRv6-small's detection and recognition networks from the rapidocr wheel.

Model paths are given outright, so nothing is ever looked up or fetched over the network.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.errors import SetupError
from app.recognition.local.detection import TextDetector
from app.recognition.local.networks import OPENVINO, Floats, best_runtime, load_network
from app.recognition.local.quantizing import ranges_of

RECOGNITION = "PP-OCRv6_rec_small.onnx"
Recognize = Callable[[Floats], Floats]
"""n × 3 × 48 × width, scaled to -1..1 → n × steps × symbols probabilities. An answer is valid until the same
thread asks the next."""


@dataclass(frozen=True, slots=True)
class OcrModels:
    """The loaded networks."""

    detect: Callable[[NDArray[np.uint8]], Floats]
    """BGR image → n × 4 × 2 corners of text lines in its pixels, clipped to it."""
    recognize: Recognize
    glance: Recognize | None
    """The same in 8 bits: two thirds of the work, as good on clear text. None where that is not to be had."""
    characters: tuple[str, ...]
    """Symbol of each class, the CTC blank first."""
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
    glance = _glance(model, threads) if runtime == OPENVINO else None
    return OcrModels(TextDetector(detector), recognizer.answer, glance, characters, runtime)


def _glance(model: Path, threads: int) -> Recognize | None:
    ranges = ranges_of(model)
    if not ranges:
        return None
    return load_network(model, OPENVINO, threads=threads, side_by_side=True, ranges=ranges).answer


def models_folder() -> Path:
    """Where the wheel keeps its networks."""
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise SetupError("The OCR models are missing: install the package `rapidocr`.")
    return Path(found.origin).parent / "models"
