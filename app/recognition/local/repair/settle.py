"""What is doubtful about single words, settled by the page they stand on."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Word
from app.recognition.local.letters.cases import with_cases
from app.recognition.local.repair.vocabulary import with_vocabulary


def settled(pixels: Pixels, words: Sequence[Word]) -> list[Word]:
    """The words that OCR read on this page: cases by height, then repetitions of words read clearly."""
    return with_vocabulary(with_cases(pixels, words))
