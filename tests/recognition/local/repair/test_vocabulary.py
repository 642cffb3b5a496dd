"""A doubtful word is read as the one that the page says clearly, if the decoder held that possible."""

from __future__ import annotations

from app.recognition.evidence import Rival, Word
from app.recognition.local.repair.vocabulary import with_vocabulary
from app.tables.geometry import Box


def word(text: str, *rivals: Rival) -> Word:
    return Word(text, Box(0, 0, 100, 10), rivals=rivals)


def test_words_said_clearly_elsewhere_are_taken_and_the_reading_is_kept() -> None:
    clear = word("Number of samples tested")
    doubtful = word("Number of samp/es positive", Rival(14, 15, "l", 0.3), Rival(11, 12, "o", 0.2))

    settled = with_vocabulary([clear, doubtful])

    assert [w.text for w in settled] == ["Number of samples tested", "Number of samples positive"]
    assert [w.raw_text for w in settled] == [None, "Number of samp/es positive"]


def test_nothing_is_taken_that_the_decoder_did_not_see() -> None:
    assert with_vocabulary([word("samples"), word("samp/es")])[1].text == "samp/es"
    assert with_vocabulary([word("samples"), word("samp/es", Rival(4, 5, "I", 0.4))])[1].text == "samp/es"


def test_clear_words_and_numbers_stay() -> None:
    page = [
        word("Moor"),
        word("Moon", Rival(3, 4, "r", 0.02)),
        word("170"),
        word("110", Rival(1, 2, "7", 0.4)),
    ]

    assert with_vocabulary(page) == page
