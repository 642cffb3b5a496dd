"""Runs a network on as many threads as it is given: by OpenVINO where it is installed, else by onnxruntime.

OpenVINO is about twice as fast, with the same answers.
"""

from __future__ import annotations

import importlib
import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.errors import SetupError

Floats = NDArray[np.float32]
OPENVINO = "openvino"
ONNXRUNTIME = "onnxruntime"
_KERNELS, _FEW_KERNELS = 2000, 200
"""Prepared operations that OpenVINO keeps, one a layer and shape of its input. Where shapes are few, nearly
all of them: to prepare takes about as long as to answer. Where each image has a shape of its own, hardly any:
they would take a gigabyte over thirty images; with none at all, answers take a sixth more time."""


class Network(Protocol):
    """A network with one input, loaded for good."""

    symbols: tuple[str, ...]
    """The lines of the model's own entry ``character``; none where it has no such entry."""

    def answers(self, given: Floats) -> Sequence[Floats]:
        """One for each output, valid until the same thread asks the next; as many threads may ask as it was
        loaded for."""
        ...

    def release(self) -> None:
        """Gives back the memory that answers needed; the next one takes it afresh."""
        ...


def best_runtime() -> str:
    """openvino where it is installed, else onnxruntime."""
    return OPENVINO if importlib.util.find_spec(OPENVINO) else ONNXRUNTIME


def load_network(model: Path, runtime: str, *, threads: int, side_by_side: bool) -> Network:
    """``side_by_side``: for so many inputs at a time, asked by a thread each, instead of all threads on one.

    SetupError: the model's file is not there.
    """
    if not model.is_file():
        raise SetupError("The OCR models are missing: install the package `rapidocr` again.")
    if runtime == OPENVINO:
        return OpenVino(read_network(model), threads, side_by_side=side_by_side)
    return _OnnxRuntime(model, 1 if side_by_side else threads)


def read_network(model: Path) -> Any:
    """An OpenVINO model that can still be changed."""
    return importlib.import_module("openvino").Core().read_model(model)


class OpenVino:
    """A Network on OpenVINO; see `load_network`."""

    def __init__(self, network: Any, threads: int, *, side_by_side: bool) -> None:
        core: Any = importlib.import_module("openvino").Core()
        configuration = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": threads if side_by_side else 1,
            "CPU_RUNTIME_CACHE_CAPACITY": _KERNELS if side_by_side else _FEW_KERNELS,
            "ENABLE_CPU_PINNING": False,  # several processes would be pinned to the same cores
        }
        self._compiled = core.compile_model(network, "CPU", configuration)
        self._asking = threading.local()
        place = ["framework", "character"]
        self.symbols = _lines(network.get_rt_info(place).value if network.has_rt_info(place) else "")

    def answers(self, given: Floats) -> Sequence[Floats]:
        request = self._request()
        request.start_async([given])
        request.wait()
        return [tensor.data for tensor in request.output_tensors]

    def _request(self) -> Any:
        """The asking thread's own."""
        if not hasattr(self._asking, "request"):
            self._asking.request = self._compiled.create_infer_request()
        return self._asking.request

    def release(self) -> None:
        self._compiled.release_memory()


class _OnnxRuntime:
    def __init__(self, model: Path, threads: int) -> None:
        runtime: Any = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self.symbols = _lines(self._session.get_modelmeta().custom_metadata_map.get("character", ""))

    def answers(self, given: Floats) -> Sequence[Floats]:
        return self._session.run(None, {self._input: given})

    def release(self) -> None:
        """Nothing: without an arena it keeps none."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines())
