"""Reads the words of an image with PP-OCRv6-small."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Word
from app.recognition.local.batches import Batch, batches
from app.recognition.local.crops import Crop, Quad, cut, is_dots, is_upright_text
from app.recognition.local.ctc import Reading, Spelling, decode, least_sure, spelling
from app.recognition.local.letters.ink import without_rulings
from app.recognition.local.ocr_models import OcrModels, Recognize, load_models
from app.recognition.local.overlaps import apart
from app.recognition.local.words import words_of

_LINE_HEIGHT = 48
"""Height, in pixels, of what the recognition network reads."""
_WIDEST = 3200
_SURE = 0.95
"""A line with a character or a gap below this probability at a glance is read by the exact network: above it
the text is nearly always the same."""
_SMALL = 16
"""Height, in pixels, of lines that are too blurred for a glance."""
RULE = "glance .95, 16, whole zeros, common, by fours, few alone"
"""Changes with what this module reads: kept answers of older rules are no answers of this one."""
_Job = Callable[[], dict[int, Spelling]]
"""Reads a batch: each line's spelling, by its index."""


class Ocr:
    """Text detection and recognition. One instance a process: it is not thread-safe."""

    def __init__(self, models: OcrModels | None = None, *, threads: int = 1) -> None:
        """``threads``: for the networks, which have as many if they are loaded already."""
        cv2.setNumThreads(1)
        self._models = models or load_models(threads=threads)
        self._threads = ThreadPoolExecutor(threads) if threads > 1 else None
        self._spelt: dict[bytes, Spelling] = {}

    @property
    def runtime(self) -> str:
        """openvino or onnxruntime."""
        return self._models.runtime

    def begin_page(self) -> None:
        """Forgets what was read on the page before."""
        self._spelt = {}

    def detect(self, pixels: Pixels) -> list[Quad]:
        """The text lines of the image, top to bottom; a line may reach over several columns of a table."""
        quads = list(self._models.detect(pixels))
        return sorted(quads, key=lambda quad: (float(quad[:, 1].min()), float(quad[:, 0].min())))

    def recognize(self, crops: Sequence[Pixels]) -> list[Reading]:
        """What each crop of one text line says, in the order of ``crops``."""
        return [reading for _, reading in sorted(self._as_read(crops), key=lambda each: each[0])]

    def _as_read(self, crops: Sequence[Pixels]) -> Iterator[tuple[int, Reading]]:
        """The same, each with its place in ``crops``, as soon as the networks have it."""
        return ((i, decode(spelt)) for i, spelt in self.spell(crops))

    def spell(self, crops: Sequence[Pixels]) -> Iterator[tuple[int, Spelling]]:
        """What the network sees in each crop of one text line, with its place in ``crops``, in any order. It
        looks once at what is equal to the pixel, until the next page begins."""
        places: dict[bytes, list[int]] = {}
        for i, crop in enumerate(crops):
            places.setdefault(_key(crop), []).append(i)
        new = [key for key in places if key not in self._spelt]
        yield from ((i, self._spelt[key]) for key in places if key in self._spelt for i in places[key])
        for index, spelt in self._spell_new([crops[places[key][0]] for key in new]):
            self._spelt[new[index]] = spelt
            yield from ((i, spelt) for i in places[new[index]])

    def _spell_new(self, crops: Sequence[Pixels]) -> Iterator[tuple[int, Spelling]]:
        """Batches are the same with any number of threads, and so is what they say."""
        glance = self._models.glance
        widths = [line_width(crop) for crop in crops]
        clear = [i for i, crop in enumerate(crops) if glance and len(crop) >= _SMALL]
        blurred = sorted({*range(len(crops))}.difference(clear))
        jobs: list[_Job] = [partial(self._exact, crops, widths, batch) for batch in batches(widths, blurred)]
        if glance:
            at_a_glance = partial(self._glanced, glance, crops, widths)
            jobs += [partial(at_a_glance, batch) for batch in batches(widths, clear)]
        done = self._threads.map(_done, jobs) if self._threads else map(_done, jobs)
        return ((i, spelt) for batch in done for i, spelt in batch.items())

    def _glanced(
        self, glance: Recognize, crops: Sequence[Pixels], widths: Sequence[int], batch: Batch
    ) -> dict[int, Spelling]:
        """Doubtful lines are read by the exact network at once."""
        spelt = self._asked(glance, crops, widths, batch)
        doubtful = [i for i in batch.indices if least_sure(spelt[i]) < _SURE]
        for again in batches(widths, doubtful):
            spelt |= self._exact(crops, widths, again)
        return spelt

    def _exact(self, crops: Sequence[Pixels], widths: Sequence[int], batch: Batch) -> dict[int, Spelling]:
        return self._asked(self._models.recognize, crops, widths, batch)

    def _asked(
        self, network: Recognize, crops: Sequence[Pixels], widths: Sequence[int], batch: Batch
    ) -> dict[int, Spelling]:
        answers = network(network_input([crops[i] for i in batch.indices], batch))
        return {
            index: spelling(answer, characters, widths[index] / batch.width)
            for index, (answer, characters) in zip(batch.indices, answers, strict=True)
        }

    def read(self, pixels: Pixels, quads: Sequence[Quad] | None = None) -> list[Word]:
        """All words of the image, line by line as detected, cut at wide gaps. ``quads``: the text
        lines, where they are known already."""
        lines = apart(pixels, self.detect(pixels) if quads is None else quads)
        crops = [cut(pixels, quad) for quad in lines]
        return self.read_crops([crop for crop in crops if crop is not None])

    def read_crops(self, crops: Sequence[Crop]) -> list[Word]:
        """The words in these text line crops; a tall crop is read as text turned a quarter, either way. Dots
        are left to the second look, which knows where their line is."""
        if not crops:
            return []
        line = float(np.median([min(crop.pixels.shape[:2]) for crop in crops]))
        crops = [crop for crop in crops if not is_dots(crop, line)]
        upright = [crop for crop in crops if is_upright_text(crop, line)]
        turned = [crop for crop in crops if not is_upright_text(crop, line)]
        clean = [without_rulings(crop.pixels) for crop in upright]
        words = {i: words_of(upright[i], reading) for i, reading in self._as_read(clean)}
        return [word for i in range(len(upright)) for word in words[i]] + self._read_turned(turned)

    def _read_turned(self, crops: Sequence[Crop]) -> list[Word]:
        both = [np.ascontiguousarray(np.rot90(crop.pixels, turn)) for crop in crops for turn in (1, 3)]
        readings = self.recognize(both)
        words: list[Word] = []
        for i, crop in enumerate(crops):
            best = max(readings[2 * i : 2 * i + 2], key=lambda reading: reading.confidence)
            if best.text.strip():
                words.append(Word(best.text.strip(), crop.box, best.confidence, best.alternatives))
        return words


def network_input(crops: Sequence[Pixels], batch: Batch) -> NDArray[np.float32]:
    """What the network sees; right of a line's end it is 0."""
    seen = np.zeros((len(crops), 3, _LINE_HEIGHT, batch.width), np.float32)
    for i, crop in enumerate(crops):
        width = line_width(crop)
        line = cv2.resize(crop, (width, _LINE_HEIGHT)).transpose(2, 0, 1)
        seen[i, :, :, :width] = line.astype(np.float32) / 127.5 - 1
    return seen


def _done(job: _Job) -> dict[int, Spelling]:
    return job()


def _key(crop: Pixels) -> bytes:
    return hashlib.blake2b(crop.tobytes(), salt=str(crop.shape[1]).encode()).digest()


def line_width(crop: Pixels) -> int:
    """Columns that the network looks at."""
    height, width = crop.shape[:2]
    return max(8, min(_WIDEST, round(_LINE_HEIGHT * width / max(1, height))))
