"""The words of a page with a text layer: the layer's where it is true, by OCR where it leaves ink unread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.recognition.decoding.page import Page, Pixels
from app.recognition.evidence import Word
from app.recognition.local.crops import cut
from app.recognition.local.layer.leftover import painted_over, unexplained
from app.recognition.local.layer.trial import FontTrial
from app.recognition.local.lines import char_height
from app.recognition.local.ocr import Ocr
from app.recognition.local.preparing.prepare import Prepared
from app.recognition.local.preparing.text_direction import Quad
from app.recognition.local.preparing.warp import Warp
from app.tables.geometry import Box

_SCAN = 0.5
"""Share of text lines that the layer does not have, from which the page is read as an image."""
_LEAST_CONFIDENCE = 0.6
"""Of what OCR adds to a layer."""


@dataclass(frozen=True, slots=True)
class LayerReading:
    """A page as its layer has it."""

    sheet: Prepared
    words: tuple[Word, ...]
    complete: bool
    """Whether no ink of a letter's size is left that the layer doesn't explain."""
    ruled: bool
    """Whether the vector rules are all that is to be seen."""


class LayerReader:
    """Reads the pages of one document."""

    def __init__(self, ocr: Ocr) -> None:
        self._ocr = ocr
        self._fonts = FontTrial(ocr.recognize)
        self._detected: tuple[Pixels, list[Quad]] | None = None

    def read(self, page: Page) -> LayerReading | None:
        """None where the page has no layer, or one that is not to be relied on: it is an image then."""
        if not page.words:
            return None
        turns = page.quarter_turns
        pixels = np.ascontiguousarray(np.rot90(page.pixels, turns)) if turns else page.pixels
        words = self._fonts.true_words(page.words, page.fonts, pixels)
        if not words:
            return None
        clean = painted_over(pixels, words)
        left = unexplained(clean, page.rulings, char_height(words))
        more = self._read_left(pixels, clean, left.letters) if left.letters else ()
        if more is None:
            return None
        warp = Warp(page.width, page.height, turns)
        steps = ("turned",) if turns else ()
        sheet = Prepared(pixels, None, 0.0, steps, warp)
        return LayerReading(sheet, (*words, *more), complete=not left.letters, ruled=not left.has_lines)

    def detect(self, pixels: Pixels) -> list[Quad]:
        """The text lines of the image; those of a page that was looked at a moment ago are still known."""
        if self._detected is None or self._detected[0] is not pixels:
            self._detected = (pixels, self._ocr.detect(pixels))
        return self._detected[1]

    def _read_left(self, pixels: Pixels, clean: Pixels, left: Sequence[Box]) -> Sequence[Word] | None:
        """What the layer lacks; None where it lacks the most."""
        quads = self.detect(pixels)
        unread = [quad for quad in quads if _holds_any(quad, left)]
        if len(unread) > _SCAN * len(quads):
            return None
        crops = [cut(clean, quad) for quad in unread]
        words = self._ocr.read_crops([crop for crop in crops if crop is not None])
        return [word for word in words if word.confidence >= _LEAST_CONFIDENCE]


def _holds_any(quad: Quad, places: Sequence[Box]) -> bool:
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x, y in (place.center for place in places))
