"""Makes a network's convolutions calculate with whole numbers of 8 bits: half as much work again.

Post-training quantization (Jacob et al. 2018, arXiv:1712.05877): weights by output channel and symmetric,
activations by tensor. The ranges of the activations were seen on drawn tables (``training.ranges``).
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

RANGES = Path(__file__).with_name("ranges.json")
"""``{"model": SHA-256 of its file, "ranges": {tensor: [least, most]}}``"""
_ACTIVATION_LEVELS, _WEIGHT_LEVELS = 256, 255
_TINY = np.float32(1e-9)

Ranges = Mapping[str, tuple[float, float]]
"""What the values of a tensor, by its name in the network, keep within."""


def ranges_of(model: Path) -> Ranges:
    """Those of this very file; none for another version of the model."""
    known: dict[str, Any] = json.loads(RANGES.read_text())
    return known["ranges"] if known["model"] == digest(model) else {}


def digest(model: Path) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(model.read_bytes()).hexdigest()


def convolutions(network: Any) -> Iterator[tuple[str, Any]]:
    """Those of an OpenVINO model that can be quantized, each with the name of what goes into it."""
    for node in network.get_ordered_ops():
        if node.get_type_name() == "Convolution" and _is_constant(node.input_value(1)):
            before = node.input_value(0).get_node()
            if before.get_type_name() != "Parameter":
                yield before.get_friendly_name(), node


def quantize(network: Any, ranges: Ranges) -> None:
    """Changes the OpenVINO model in place; what ``ranges`` does not name stays as it is."""
    opset: Any = importlib.import_module("openvino.opset13")
    for name, node in list(convolutions(network)):
        if name not in ranges:
            continue
        least, most = (np.float32(bound) for bound in ranges[name])
        seen = opset.fake_quantize(node.input_value(0), least, most, least, most, _ACTIVATION_LEVELS)
        weights = node.input_value(1)
        largest = np.abs(weights.get_node().data).max(axis=(1, 2, 3), keepdims=True).clip(min=_TINY)
        rounded = opset.fake_quantize(weights, -largest, largest, -largest, largest, _WEIGHT_LEVELS)
        node.input(0).replace_source_output(seen.output(0))
        node.input(1).replace_source_output(rounded.output(0))
    network.validate_nodes_and_infer_types()


def _is_constant(output: Any) -> bool:
    return output.get_node().get_type_name() == "Constant"
