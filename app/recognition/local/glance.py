"""Reading at a glance: convolutions in 8 bits, and of the last layer the symbols that are common.

Two thirds of the network's symbols are ideographs that hardly any table has, and the last layer takes a
sixth of the time. So a line is first compared with the common symbols alone. One more symbol stands for all
ideographs: where it comes anywhere near, the line is compared with every symbol after all.
"""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.recognition.local.networks import Floats, Network, OpenVino, read_network
from app.recognition.local.quantizing import Ranges, quantize

_IDEOGRAPHS = ("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA")
"""Beginnings of their Unicode names."""
_LEVEL_2 = b"\xd8"
"""The standard's first row of rare characters."""
_NEAR = 1e-7
"""The mean ideograph's odds against the likeliest symbol, from which on a line may hold one. Of a hundred
lines without any, at most three are above it."""

Answer = tuple[Floats, Sequence[str]]
"""Of one line: steps × symbols probabilities, and what symbol each column is, the CTC blank first."""


class Glance:
    """The recognition network in 8 bits. As many threads may ask as it was loaded for."""

    def __init__(self, model: Path, characters: Sequence[str], ranges: Ranges, threads: int) -> None:
        """``characters``: the network's, the CTC blank first; ``ranges``: what to quantize."""
        network = read_network(model)
        quantize(network, ranges)
        others = [i for i, symbol in enumerate(characters) if not _is_ideograph(symbol)]
        ideographs = [i for i, symbol in enumerate(characters) if _is_ideograph(symbol)]
        common = [*others, *(i for i in ideographs if _is_common(characters[i]))]
        self._characters = characters
        self._common = [characters[i] for i in common]
        self._first_ideograph = len(others)
        head = _without_rare(network, common, ideographs)
        self._body: Network = OpenVino(network, threads, side_by_side=True)
        self._head: Network = OpenVino(head, threads, side_by_side=True)

    def __call__(self, given: Floats) -> Iterator[Answer]:
        """n × 3 × 48 × width, scaled to -1..1 → an answer for each of n lines, valid until the next one."""
        answers, features = self._body.answers(given)
        for answer, seen in zip(answers, features, strict=True):
            if self._may_hold_ideographs(answer):
                yield self._head.answers(seen[np.newaxis])[0][0], self._characters
            else:
                yield answer[:, :-1], self._common

    def _may_hold_ideographs(self, answer: Floats) -> bool:
        best = answer.argmax(axis=1)
        near = answer[:, -1] > _NEAR * answer[np.arange(len(best)), best]
        return bool(near.any() or (best >= self._first_ideograph).any())


def _is_ideograph(symbol: str) -> bool:
    return bool(symbol) and unicodedata.name(symbol[0], "").startswith(_IDEOGRAPHS)


def _is_common(ideograph: str) -> bool:
    """Kana, and the 3,755 characters of GB/T 2312-1980, level 1. Those that look like a letter, a digit or a
    sign (工, 二, 土) are all among them."""
    return b"" < ideograph.encode("gb2312", "ignore")[:1] < _LEVEL_2


def _without_rare(network: Any, common: Sequence[int], ideographs: Sequence[int]) -> Any:
    """Leaves the OpenVINO model the ``common`` symbols and the mean of the ``ideographs``, and lets it answer
    with what its last layer sees as well. Returns the last layer as it was, a model of its own."""
    opset: Any = importlib.import_module("openvino.opset13")
    layers = [node for node in network.get_ordered_ops() if node.get_type_name() in ("MatMul", "Add")]
    product, added = layers[-2:]
    weights, bias = (node.input_value(1).get_node().data for node in (product, added))
    seen = opset.parameter([-1, -1, len(weights)], np.float32)
    whole = opset.softmax(opset.add(opset.matmul(seen, weights, False, False), bias), -1)
    for node, values in ((product, weights), (added, bias)):
        few = np.concatenate([values[..., common], values[..., ideographs].mean(-1, keepdims=True)], -1)
        node.input(1).replace_source_output(opset.constant(few).output(0))
    network.add_outputs([product.input_value(0)])
    network.validate_nodes_and_infer_types()
    return importlib.import_module("openvino").Model([whole], [seen], "last layer")
