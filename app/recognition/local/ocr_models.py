"""Loads PP-OCRv6-small's detection and recognition networks from the rapidocr wheel, for one thread.

OpenVINO runs them where it is installed, onnxruntime elsewhere (about half as fast, same text). Model paths
are given outright, so nothing is ever looked up or fetched over the network.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.errors import SetupError

Infer = Callable[[NDArray[np.float32]], NDArray[np.float32]]

DETECTION_LIMIT = 2000
"""Longest side, in pixels, of what the detection network sees."""
_STRIDE = 32
"""Sides of what the detection network sees are multiples of this."""


@dataclass(frozen=True, slots=True)
class OcrModels:
    """The loaded networks."""

    detect: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
    """BGR image → n × 4 × 2 corners of text lines in its pixels."""
    recognize: Infer
    """n × 3 × 48 × width, scaled to -1..1 → n × steps × symbols probabilities. The answer is valid until
    the next call."""
    characters: tuple[str, ...]
    """Symbol of each class, the CTC blank first."""
    runtime: str
    """openvino or onnxruntime."""


def load_models() -> OcrModels:
    """Takes about a second; raises SetupError when the wheel lacks the models."""
    rapidocr: Any = _import("rapidocr")
    _import("rapidocr.utils.log")  # sets the level that we raise
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    runtime = "openvino" if importlib.util.find_spec("openvino") else "onnxruntime"
    config: Any = _config(rapidocr, runtime)
    detector = _import("rapidocr.ch_ppocr_det").TextDetector(config.Det)
    recognizer = _import("rapidocr.ch_ppocr_rec").TextRecognizer(config.Rec)
    characters = tuple(recognizer.postprocess_op.character)
    return OcrModels(_detection(detector), recognizer.session, characters, runtime)


def _detection(detector: Any) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """rapidocr's detection with its own scaling left out: that one works in double precision, half a second a
    page."""

    def detect(image: NDArray[np.uint8]) -> NDArray[np.float32]:
        height, width = image.shape[:2]
        scale = min(1.0, DETECTION_LIMIT / max(height, width))
        sides = [max(_STRIDE, round(side * scale / _STRIDE) * _STRIDE) for side in (width, height)]
        seen = cv2.resize(image, (sides[0], sides[1])).astype(np.float32) / 127.5 - 1
        answer = detector.session(np.ascontiguousarray(seen.transpose(2, 0, 1))[np.newaxis])
        boxes, _ = detector.postprocess_op(answer, (height, width))
        return np.asarray(boxes, np.float32).reshape(-1, 4, 2)

    return detect


def _import(name: str) -> Any:
    return importlib.import_module(name)


def _config(rapidocr: Any, runtime: str) -> Any:
    models = Path(str(rapidocr.__file__)).parent / "models"
    paths = {
        "Det.model_path": models / "PP-OCRv6_det_small.onnx",
        "Rec.model_path": models / "PP-OCRv6_rec_small.onnx",
    }
    for path in paths.values():
        if not path.is_file():
            raise SetupError("The OCR models are missing: install the package `rapidocr` again.")
    engine = rapidocr.EngineType(runtime)
    parameters = {
        **{name: str(path) for name, path in paths.items()},
        "Global.log_level": "error",
        "Det.engine_type": engine,
        "Rec.engine_type": engine,
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECTION_LIMIT,
        "EngineConfig.openvino.inference_num_threads": 1,
        "EngineConfig.openvino.num_streams": 1,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    parse: Any = _import("rapidocr.utils.parse_parameters").ParseParams
    config = parse.update_batch(parse.load(Path(str(rapidocr.__file__)).parent / "config.yaml"), parameters)
    for part in (config.Det, config.Rec):
        part.engine_cfg = config.EngineConfig[runtime]
    config.Rec.font_path = None
    return config
