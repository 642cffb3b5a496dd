"""A column's pattern settles what the decoder left open, and nothing else."""

from __future__ import annotations

from app.recognition.evidence import Rival, Word
from app.recognition.local.columns.repair import with_columns
from app.recognition.local.evidence import GridHypothesis
from app.recognition.local.fill import FilledCell, fill
from app.tables.geometry import Box

PRICES = ["4.25", "3.90", "11.40", "0.75", "2.00"]


def column(texts: list[str], read: str, *rivals: Rival) -> list[FilledCell]:
    """One column under a header, its last text ``read`` with the decoder's rivals."""
    words = [
        Word(text, Box(10, 20 * row, 60, 20 * row + 12)) for row, text in enumerate(["Price", *texts, read])
    ]
    words[-1] = Word(read, words[-1].box, rivals=rivals)
    bounds = tuple(20.0 * row - 4 for row in range(len(words) + 1))
    return fill(words, GridHypothesis(bounds, (0.0, 80.0)), 12)


def settled(texts: list[str], read: str, *rivals: Rival) -> FilledCell:
    return with_columns(column(texts, read, *rivals), 1)[-1]


def test_confusable_characters_are_repaired_and_the_reading_is_kept() -> None:
    cell = settled(PRICES, "S.1O", Rival(0, 1, "5", 0.4), Rival(3, 4, "0", 0.2), Rival(0, 1, "$", 0.05))

    assert (cell.text, cell.raw_text) == ("5.10", "S.1O")


def test_codes_and_dates_have_patterns_too() -> None:
    codes = ["AB-120", "CX-444", "QA-071", "BB-900"]
    dates = ["12.03.2024", "01.11.2023", "30.06.2024", "07.07.2024"]

    assert settled(codes, "A8-311", Rival(1, 2, "B", 0.3)).text == "AB-311"
    assert settled(dates, "1l.05.2024", Rival(1, 2, "1", 0.1)).text == "11.05.2024"


def test_letters_that_are_always_the_same_are_no_digits() -> None:
    powers = ["3.11E-02", "4.20E-03", "1.05E-02", "7.75E-04"]

    assert settled(powers, "3.6SE-02", Rival(3, 4, "5", 0.2)).text == "3.65E-02"
    assert settled(["12 kg", "7 kg", "30 kg", "4 kg"], "9 mg", Rival(2, 3, "k", 0.02)).text == "9 mg"


def test_nothing_is_repaired_that_the_decoder_did_not_hold_possible() -> None:
    cell = settled(PRICES, "S.10", Rival(2, 3, "l", 0.3))

    assert (cell.text, cell.raw_text) == ("S.10", None)


def test_what_fits_is_never_touched() -> None:
    assert settled(PRICES, "5.10", Rival(0, 1, "6", 0.49)).text == "5.10"


def test_two_readings_that_fit_settle_nothing() -> None:
    assert settled(PRICES, "S.10", Rival(0, 1, "5", 0.2), Rival(0, 1, "8", 0.15)).text == "S.10"


def test_separators_need_a_decoder_that_wavers() -> None:
    assert settled(PRICES, "2,50", Rival(1, 2, ".", 0.05)).text == "2,50"
    assert settled(PRICES, "2,50", Rival(1, 2, ".", 0.4)).text == "2.50"


def test_columns_of_words_and_mixed_columns_have_no_say() -> None:
    names = ["Austria", "Belgium", "Cyprus", "Estonia"]
    mixed = ["n/a", "12", "see note", "4 of 9"]

    assert settled(names, "Type 1", Rival(5, 6, "l", 0.4)).text == "Type 1"
    assert settled(mixed, "S", Rival(0, 1, "5", 0.4)).text == "S"
