"""Runs a network on as many threads as it is given: by OpenVINO where it is installed, else by onnxruntime.

OpenVINO is about twice as fast, with the same answers.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.errors import SetupError
from app.recognition.local.quantizing import Ranges, quantize

Floats = NDArray[np.float32]
OPENVINO = "openvino"
ONNXRUNTIME = "onnxruntime"
_KERNELS = 200
"""Prepared operations that OpenVINO keeps, one a width and layer. Of its own accord it keeps 5,000:
memory grows by a gigabyte over thirty images. With none it takes a sixth more time."""


class Network(Protocol):
    """A network with one input and one output, loaded for good."""

    symbols: tuple[str, ...]
    """The lines of the model's own entry ``character``; none where it has no such entry."""

    def answers(self, inputs: Iterable[Floats]) -> Iterator[Floats]:
        """One answer an input, in their order; each is valid until the next is asked for."""
        ...

    def release(self) -> None:
        """Gives back the memory that answers needed; the next one takes it afresh."""
        ...


def best_runtime() -> str:
    """openvino where it is installed, else onnxruntime."""
    return OPENVINO if importlib.util.find_spec(OPENVINO) else ONNXRUNTIME


def load_network(
    model: Path, runtime: str, *, threads: int, side_by_side: bool, ranges: Ranges | None = None
) -> Network:
    """``side_by_side``: several inputs at a time with a thread each, instead of all threads on one.
    ``ranges``: what to quantize, by OpenVINO alone.

    SetupError: the model's file is not there.
    """
    if not model.is_file():
        raise SetupError("The OCR models are missing: install the package `rapidocr` again.")
    if runtime == OPENVINO:
        return _OpenVino(model, threads, threads if side_by_side else 1, ranges or {})
    return _OnnxRuntime(model, threads)


class _OpenVino:
    def __init__(self, model: Path, threads: int, streams: int, ranges: Ranges) -> None:
        core: Any = importlib.import_module("openvino").Core()
        network = core.read_model(model)
        quantize(network, ranges)
        configuration = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": streams,
            "CPU_RUNTIME_CACHE_CAPACITY": _KERNELS,
            "ENABLE_CPU_PINNING": False,  # several processes would be pinned to the same cores
        }
        self._compiled = core.compile_model(network, "CPU", configuration)
        self._requests = deque([self._compiled.create_infer_request() for _ in range(streams)])
        place = ["framework", "character"]
        self.symbols = _lines(network.get_rt_info(place).value if network.has_rt_info(place) else "")

    def answers(self, inputs: Iterable[Floats]) -> Iterator[Floats]:
        idle, busy = self._requests.copy(), deque[Any]()
        try:
            for given in inputs:
                if not idle:
                    yield _finished(busy[0])
                    idle.append(busy.popleft())
                busy.append(idle.popleft())
                busy[-1].start_async([given])
            while busy:
                yield _finished(busy[0])
                busy.popleft()
        finally:
            for request in busy:
                request.wait()

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

    def answers(self, inputs: Iterable[Floats]) -> Iterator[Floats]:
        for given in inputs:
            yield self._session.run(None, {self._input: given})[0]

    def release(self) -> None:
        """Nothing: without an arena it keeps none."""


def _finished(request: Any) -> Floats:
    request.wait()
    return request.get_output_tensor().data


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines())
