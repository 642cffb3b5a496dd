"""Loads PP-OCRv6-small's detection and recognition networks from the rapidocr wheel.

Model paths are given outright, so nothing is ever looked up or fetched over the network.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.errors import SetupError
from app.recognition.local.detection import TextDetector
from app.recognition.local.networks import Floats, best_runtime, load_network


@dataclass(frozen=True, slots=True)
class OcrModels:
    """The loaded networks."""

    detect: Callable[[NDArray[np.uint8]], Floats]
    """BGR image → n × 4 × 2 corners of text lines in its pixels, clipped to it."""
    recognize: Callable[[Iterable[Floats]], Iterator[Floats]]
    """n × 3 × 48 × width, scaled to -1..1 → n × steps × symbols probabilities. An answer is valid until
    the next is asked for."""
    characters: tuple[str, ...]
    """Symbol of each class, the CTC blank first."""
    runtime: str
    """openvino or onnxruntime."""


def load_models(*, threads: int = 1, runtime: str | None = None) -> OcrModels:
    """Takes about a second; raises SetupError when the wheel lacks the models."""
    runtime = runtime or best_runtime()
    models = _wheel() / "models"
    detector = load_network(models / "PP-OCRv6_det_small.onnx", runtime, threads=threads, side_by_side=False)
    recognizer = load_network(models / "PP-OCRv6_rec_small.onnx", runtime, threads=threads, side_by_side=True)
    characters = ("", *recognizer.symbols, " ")
    return OcrModels(TextDetector(detector), recognizer.answers, characters, runtime)


def _wheel() -> Path:
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise SetupError("The OCR models are missing: install the package `rapidocr`.")
    return Path(found.origin).parent
