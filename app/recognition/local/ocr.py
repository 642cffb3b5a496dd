"""Reads the words of an image with PP-OCRv6-small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Word
from app.recognition.local.crops import Crop, cut, is_upright_text
from app.recognition.local.ctc import Reading, Spelling, decode, spelling
from app.recognition.local.ocr_models import DETECTION_LIMIT, OcrModels, load_models
from app.recognition.local.words import words_of

Quad = NDArray[np.float32]
"""4 × 2 corners (x, y) in pixels: top left, top right, bottom right, bottom left."""

_LINE_HEIGHT = 48
"""Height, in pixels, of what the recognition network reads."""
_BATCH = 8
_BATCH_WIDTH = 3200
"""Columns of a batch, all crops together: the answer takes 10 kB for each."""
_WIDTH_STEP = 64
"""Widths of batches are rounded up to this, so that few different shapes reach the network."""
_WIDEST = 3200
_LEAST_CONTRAST = 4
"""Levels of 255 between the darkest and the lightest pixel; below it there is nothing to read."""


class Ocr:
    """Text detection and recognition. One instance a process: it is not thread-safe."""

    def __init__(self, models: OcrModels | None = None) -> None:
        cv2.setNumThreads(1)
        self._models = models or load_models()

    @property
    def runtime(self) -> str:
        """openvino or onnxruntime."""
        return self._models.runtime

    def detect(self, pixels: Pixels) -> list[Quad]:
        """The text lines of the image, top to bottom; a line may reach over several columns of a table."""
        if int(pixels.max()) - int(pixels.min()) < _LEAST_CONTRAST:
            return []  # an empty page costs the network as much as a full one
        height, width = pixels.shape[:2]
        scale = 2.0 if 2 * max(height, width) <= DETECTION_LIMIT else 1.0
        boxes = self._models.detect(_padded(_for_detection(pixels, scale)))
        limits = np.array([width, height], np.float32)
        quads = [np.clip(box / scale, 0, limits) for box in boxes]
        return sorted(quads, key=lambda quad: (float(quad[:, 1].min()), float(quad[:, 0].min())))

    def recognize(self, crops: Sequence[Pixels]) -> list[Reading]:
        """What each crop of one text line says, in the order of ``crops``."""
        return [decode(spelt) for spelt in self.spell(crops)]

    def spell(self, crops: Sequence[Pixels]) -> list[Spelling]:
        """What the network sees in each crop of one text line, in the order of ``crops``."""
        spelt: dict[int, Spelling] = {}
        for batch in _batches([_line_width(crop) for crop in crops]):
            spelt |= zip(batch, self._spell_batch([crops[i] for i in batch]), strict=True)
        return [spelt[i] for i in range(len(crops))]

    def read(self, pixels: Pixels, quads: Sequence[Quad] | None = None) -> list[Word]:
        """All words of the image, line by line as detected, cut at wide gaps. ``quads``: the text
        lines, where they are known already."""
        crops = [cut(pixels, quad) for quad in (self.detect(pixels) if quads is None else quads)]
        return self.read_crops([crop for crop in crops if crop is not None])

    def read_crops(self, crops: Sequence[Crop]) -> list[Word]:
        """The words in these text line crops; a tall crop is read as text turned a quarter, either way."""
        if not crops:
            return []
        line = float(np.median([min(crop.pixels.shape[:2]) for crop in crops]))
        upright = [crop for crop in crops if is_upright_text(crop, line)]
        turned = [crop for crop in crops if not is_upright_text(crop, line)]
        words = [
            word
            for crop, reading in zip(upright, self.recognize([c.pixels for c in upright]), strict=True)
            for word in words_of(crop, reading)
        ]
        return words + self._read_turned(turned)

    def _read_turned(self, crops: Sequence[Crop]) -> list[Word]:
        both = [np.ascontiguousarray(np.rot90(crop.pixels, turn)) for crop in crops for turn in (1, 3)]
        readings = self.recognize(both)
        words: list[Word] = []
        for i, crop in enumerate(crops):
            best = max(readings[2 * i : 2 * i + 2], key=lambda reading: reading.confidence)
            if best.text.strip():
                words.append(Word(best.text.strip(), crop.box, best.confidence, best.alternatives))
        return words

    def _spell_batch(self, crops: Sequence[Pixels]) -> list[Spelling]:
        widths = [_line_width(crop) for crop in crops]
        widest = -(-max(widths) // _WIDTH_STEP) * _WIDTH_STEP
        batch = np.zeros((len(crops), 3, _LINE_HEIGHT, widest), np.float32)
        for i, (crop, width) in enumerate(zip(crops, widths, strict=True)):
            seen = cv2.resize(crop, (width, _LINE_HEIGHT))
            batch[i, :, :, :width] = seen.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
        answer = self._models.recognize(batch)
        return [
            spelling(answer[i], self._models.characters, filled=width / widest)
            for i, width in enumerate(widths)
        ]


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of crops of similar width, narrow ones first."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=lambda i: widths[i]):
        if batch and (len(batch) == _BATCH or (len(batch) + 1) * widths[index] > _BATCH_WIDTH):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _line_width(crop: Pixels) -> int:
    height, width = crop.shape[:2]
    return max(8, min(_WIDEST, round(_LINE_HEIGHT * width / max(1, height))))


def _for_detection(pixels: Pixels, scale: float) -> Pixels:
    if scale == 1.0:
        return pixels
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _padded(image: Pixels) -> Pixels:
    """At least 64 pixels each way: the network answers with nothing on slimmer images."""
    height, width = image.shape[:2]
    below, right = max(0, 64 - height), max(0, 64 - width)
    if not below and not right:
        return image
    return np.asarray(cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE), np.uint8)
