"""Text layers as real documents have them: the words that a reader sees, and no others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.recognition.decoding.pages import Page
from examples.pdf_writer import text_width
from tests.support.pdf_pages import page, text

Decode = Callable[..., list[Page]]
PIXELS_PER_POINT = 200 / 72


def words(decode: Decode, content: bytes) -> list[str]:
    (decoded,) = decode(content)
    return [word.text for word in sorted(decoded.words, key=lambda w: (round(w.box.y1 / 20), w.box.x0))]


def one_by_one(x: float, y: float, words: str) -> bytes:
    places = [x + text_width(words[:i], 12) for i in range(len(words))]
    drawn = zip(places, words, strict=True)
    return b"".join(text(place, y, letter) for place, letter in drawn if letter != " ")


@pytest.mark.parametrize("drawn", ["1234567", "Net income of 2024", "Wages, taxes"])
def test_letters_placed_one_by_one_are_words(decode: Decode, drawn: str) -> None:
    assert words(decode, page(one_by_one(40, 150, drawn))) == [drawn]


def test_letters_set_wide_apart_are_one_word(decode: Decode) -> None:
    spread = text(40, 150, "TOTAL REVENUE", before="3 Tc")
    assert words(decode, page(spread)) == ["TOTAL REVENUE"]


def test_wide_spaces_between_letters_set_apart_do_not_part_words(decode: Decode) -> None:
    assert words(decode, page(text(40, 150, "15.6 % of it", before="3 Tc 90 Tz"))) == ["15.6 % of it"]


def test_gaps_without_a_space_character_are_spaces(decode: Decode) -> None:
    """As TeX sets its lines."""
    content = b"BT /F1 12 Tf 40 150 Td [(Net)-333(income)-250(of)-1500(2024)] TJ ET"
    assert words(decode, page(content)) == ["Net income of", "2024"]


def test_numbers_drawn_on_their_own_are_two_even_where_columns_stand_near(decode: Decode) -> None:
    pair = text(40, 150, "(2,653)") + text(40 + 38.7 + 4, 150, "1,538")
    assert words(decode, page(pair)) == ["(2,653)", "1,538"]
    assert words(decode, page(b"BT /F1 12 Tf 40 150 Td [(1)-333(538)] TJ ET")) == ["1 538"]


def test_texts_drawn_on_their_own_are_two_where_spaces_are_characters(decode: Decode) -> None:
    """As spreadsheets print column names that fill their columns."""
    prose = text(40, 100, "A page whose own words stand apart by spaces.")
    names = text(40, 150, "Unit price") + text(40 + text_width("Unit price", 12) + 4, 150, "Amount")
    assert words(decode, page(names + prose))[:2] == ["Unit price", "Amount"]
    assert words(decode, page(names)) == ["Unit price Amount"]
    places = (40 + text_width("TOTALS"[:at], 12) + 4 * at for at in range(6))
    spread = b"".join(text(place, 150, letter) for place, letter in zip(places, "TOTALS", strict=True))
    assert words(decode, page(spread + prose))[0] == "TOTALS"


def test_kerning_is_no_space(decode: Decode) -> None:
    assert words(decode, page(b"BT /F1 12 Tf 40 150 Td [(T)90(a)10(V)80(A)-60(T)] TJ ET")) == ["TaVAT"]


def test_tabs_and_runs_of_spaces_part_words(decode: Decode) -> None:
    assert words(decode, page(text(40, 150, "Rent     120      130"))) == ["Rent", "120", "130"]


def test_the_order_of_drawing_says_nothing(decode: Decode) -> None:
    whole = text(40, 150, "12") + text(200, 150, "99") + text(40 + 2 * 6.672, 150, "34")
    assert words(decode, page(whole)) == ["1234", "99"]


@pytest.mark.parametrize("rise", ["4 Ts", ""])
def test_a_raised_mark_stays_apart_from_its_number(decode: Decode, rise: str) -> None:
    base = 150 if rise else 154
    number = text(40, 150, "1,234")
    mark = text(40 + 4 * 6.672 + 3.34, base, "1", 7, before=rise)
    assert words(decode, page(number + mark)) == ["1,234¹"]


def test_a_raised_word_without_such_a_form_stays_a_word_of_its_own(decode: Decode) -> None:
    mark = text(40 + 4 * 6.672 + 3.34, 154, "TM", 7)
    assert sorted(words(decode, page(text(40, 150, "1,234") + mark))) == ["1,234", "TM"]


def test_a_lowered_figure_belongs_to_its_word(decode: Decode) -> None:
    formula = text(40, 150, "CO") + text(40 + 8.67 + 9.34, 147, "2", 7) + text(66, 150, "emissions")
    assert words(decode, page(formula)) == ["CO₂ emissions"]


def test_text_drawn_twice_for_boldness_is_read_once(decode: Decode) -> None:
    twice = text(40, 150, "Total 11.11") + text(40.4, 150, "Total 11.11") + text(40.2, 149.8, "Total 11.11")
    assert words(decode, page(twice)) == ["Total 11.11"]


@pytest.mark.parametrize("said", ["\ufb01", "fi", "ff"])
def test_ligatures_are_letters(decode: Decode, said: str) -> None:
    content = page(text(40, 150, "pro~t"), meaning={"~": said, "p": "p", "r": "r", "o": "o", "t": "t"})
    assert words(decode, content) == [f"pro{'fi' if len(said) == 1 else said}t"]


def test_a_word_with_a_sign_without_meaning_is_left_to_be_seen(decode: Decode) -> None:
    """Dropping the sign alone would make another number of it."""
    content = text(40, 150, "~512") + text(120, 150, "498", font="F2")
    assert words(decode, page(content, meaning={"~": "\ue000", "5": "5", "1": "1", "2": "2"})) == ["498"]


HIDDEN = {
    "white on white": text(40, 50, "7,000", before="1 1 1 rg"),
    "no paint at all": text(40, 50, "7,000", before="3 Tr"),
    "off the page": text(-80, 50, "7,000") + text(40, 260, "7,000"),
    "cut off by a clip path": b"q 10 10 20 20 re W n " + text(40, 50, "7,000") + b"Q ",
    "under a filled box": text(40, 50, "7,000") + b"0 0 0 rg 30 40 80 30 re f ",
    "under an image": text(40, 50, "7,000") + b"q 80 0 0 30 30 40 cm /Im Do Q ",
}


@pytest.mark.parametrize("why", HIDDEN)
def test_what_cannot_be_seen_is_not_read(decode: Decode, why: str) -> None:
    stripes = np.full((30, 80, 3), 255, np.uint8)
    stripes[::4] = 0
    content = page(text(40, 150, "Seen") + b"q " + HIDDEN[why] + b"Q", image=stripes)
    assert words(decode, content) == ["Seen"]


def test_text_that_runs_out_of_its_cell_ends_where_it_is_cut(decode: Decode) -> None:
    content = b"q 40 140 26 20 re W n " + text(40, 150, "Overflow") + b"Q " + text(90, 150, "12")
    assert words(decode, page(content)) == ["Over", "12"]


def test_white_text_on_a_dark_cell_is_read(decode: Decode) -> None:
    content = b"0 0 0.4 rg 30 140 200 24 re f " + text(40, 150, "Header", before="1 1 1 rg")
    assert words(decode, page(content)) == ["Header"]


def test_a_cropped_page_is_its_visible_part(decode: Decode) -> None:
    content = page(text(40, 150, "Inside") + text(220, 150, "Outside"), extra=b"/CropBox [20 100 180 190]")
    (decoded,) = decode(content)
    assert [word.text for word in decoded.words] == ["Inside"]
    assert decoded.words[0].box.x0 == pytest.approx((40 - 20) * PIXELS_PER_POINT, abs=4)


def test_text_turned_against_the_rest_is_read_where_it_stands(decode: Decode) -> None:
    turned = b"BT /F1 12 Tf 0 1 -1 0 280 40 Tm (Upward) Tj ET "
    (decoded,) = decode(page(text(40, 150, "Level text of the page") + turned))
    found = {word.text: word.box for word in decoded.words}
    assert decoded.quarter_turns == 0
    assert found["Upward"].height > 3 * found["Upward"].width
    assert found["Upward"].x1 == pytest.approx(280 * PIXELS_PER_POINT, abs=8)


def test_a_watermark_at_a_slant_is_no_text_of_the_page(decode: Decode) -> None:
    slanted = b"BT /F1 40 Tf 0.7 0.7 -0.7 0.7 80 20 Tm (DRAFT) Tj ET "
    assert words(decode, page(slanted + text(40, 150, "Rent"))) == ["Rent"]


def test_a_small_page_with_a_fine_scan_is_rendered_finely(decode: Decode) -> None:
    scan = np.full((1800, 2400, 3), 255, np.uint8)
    (decoded,) = decode(page(b"q 80 0 0 60 0 0 cm /Im Do Q", size=(80, 60), image=scan))
    assert decoded.width == pytest.approx(2340, abs=2)
    assert decoded.scale == pytest.approx(decoded.width / decoded.source_width, rel=0.01)


RULES = {
    "dashed": (b"[6 4] 0 d 30 100 m 270 100 l S ", (30, 270)),
    "thin box": (b"30 99.5 240 1 re f ", (30, 270)),
    "white on a coloured band": (
        b"0.2 0.3 0.6 rg 30 80 240 40 re f 1 1 1 RG 30 100 m 270 100 l S ",
        (30, 270),
    ),
    "cut off by a clip path": (b"50 50 100 100 re W n 30 100 m 270 100 l S ", (50, 150)),
    "half covered": (b"30 100 m 270 100 l S 1 1 1 rg 180 90 100 20 re f ", (30, 180)),
    "white on white": (b"1 1 1 RG 30 100 m 270 100 l S ", None),
    "off the page": (b"30 -20 m 270 -20 l S ", None),
}


@pytest.mark.parametrize("kind", RULES)
def test_rules_reach_as_far_as_they_are_seen(decode: Decode, kind: str) -> None:
    content, reach = RULES[kind]
    (decoded,) = decode(page(content))
    long = [rule for rule in decoded.rulings if rule.horizontal and abs(rule.at - 100 * PIXELS_PER_POINT) < 3]
    ends = [(rule.start / PIXELS_PER_POINT, rule.end / PIXELS_PER_POINT) for rule in long]
    assert ends == ([] if reach is None else [pytest.approx(reach, abs=4.5)])
