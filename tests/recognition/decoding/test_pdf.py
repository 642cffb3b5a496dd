"""PDF pages: rendered, with the words of their text layer and their vector rules where these stand."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from app.recognition.decoding.pages import Page
from examples.pdf_writer import Sheet, write_pdf
from tests.support.hostile_files import pdf

Decode = Callable[..., list[Page]]
PIXELS_PER_POINT = 200 / 72


def sheet() -> Sheet:
    drawn = Sheet(300, 200)
    drawn.text(40, 50, "Total amount", 12)
    drawn.text(200, 50, "1.234,50 €", 12)
    drawn.line(30, 60, 270, 60, 1)
    drawn.line(150, 30, 150, 120, 0.5)
    drawn.fill(30, 120, 240, 0.8, (0, 0, 0))
    drawn.fill(30, 130, 240, 40, (0.8, 0.9, 1))
    return drawn


def ink_box(page: Page, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    part = page.pixels[int(y0) : int(y1), int(x0) : int(x1)].min(axis=2) < 128
    ys, xs = np.nonzero(part)
    return xs.min() + int(x0), ys.min() + int(y0), xs.max() + 1 + int(x0), ys.max() + 1 + int(y0)


def test_words_stand_on_their_ink(decode: Decode) -> None:
    (page,) = decode(write_pdf([sheet()]))
    assert (page.source_width, page.source_height, page.scale) == (833, 556, 1.0)
    assert [word.text for word in page.words] == ["Total amount", "1.234,50 €"]
    for word in page.words:
        box = word.box
        seen = ink_box(page, box.x0 - 8, box.y0 - 2, box.x1 + 8, box.y1 + 2)
        assert seen[0] == pytest.approx(box.x0, abs=2)
        assert seen[2] == pytest.approx(box.x1, abs=2)
        assert box.y0 - 1 <= seen[1] < seen[3] <= box.y1 + 1
        assert len(word.char_edges) == len(word.text) + 1


def test_rulings_stand_on_their_lines(decode: Decode) -> None:
    (page,) = decode(write_pdf([sheet()]))
    found = sorted((r.horizontal, r.at / PIXELS_PER_POINT, r.length / PIXELS_PER_POINT) for r in page.rulings)
    assert found == [
        (False, pytest.approx(150, abs=0.2), pytest.approx(90, abs=0.5)),
        (True, pytest.approx(60, abs=0.2), pytest.approx(240, abs=0.5)),
        (True, pytest.approx(120.4, abs=0.2), pytest.approx(240, abs=0.5)),
    ]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_come_with_the_turn_that_makes_them_level(decode: Decode, turn: int) -> None:
    (straight,) = decode(write_pdf([sheet()]))
    content = write_pdf([sheet()]).replace(b"/Resources", b"/Rotate %d /Resources" % turn)
    (page,) = decode(content)
    assert (page.width > page.height) == (turn == 180)
    assert page.quarter_turns == turn // 90
    assert [word.text for word in page.words] == [word.text for word in straight.words]
    for turned, level in zip(page.words, straight.words, strict=True):
        assert turned.box.x0 == pytest.approx(level.box.x0, abs=2)
        assert turned.box.y0 == pytest.approx(level.box.y0, abs=2)
    rules = [sorted((r.horizontal, round(r.at, -1)) for r in each.rulings) for each in (page, straight)]
    assert rules[0] == rules[1]


def test_text_drawn_against_the_turn_of_its_page_is_level(decode: Decode) -> None:
    """Landscape pages are often portrait ones with a turn, their content turned the other way."""
    content = b"BT /F1 12 Tf 0 1 -1 0 100 40 Tm (Landscape table) Tj ET"
    landscape = pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Rotate 90 /Contents 5 0 R "
        b"/Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )
    (page,) = decode(landscape)
    (word,) = page.words
    assert word.text == "Landscape table"
    assert ink_box(page, 0, 0, page.width, page.height)[0] == pytest.approx(word.box.x0, abs=2)
    assert word.box.width > 4 * word.box.height


def test_pages_come_one_by_one_and_are_limited(decode: Decode) -> None:
    pages = decode(write_pdf([sheet(), sheet(), sheet()]))
    assert [(page.number, page.count) for page in pages] == [(1, 3), (2, 3), (3, 3)]


def test_large_pages_are_shrunk(decode: Decode) -> None:
    (page,) = decode(write_pdf([sheet()]), working_megapixels=0.1)
    assert page.width * page.height <= 0.11e6
    assert page.scale == pytest.approx(page.width / page.source_width, rel=0.01)
    assert page.words[0].box.x0 == pytest.approx(40 * PIXELS_PER_POINT * page.scale, abs=2)


def test_hidden_text_is_not_believed(decode: Decode) -> None:
    drawn = sheet()
    drawn.text(40, 190, "4.000.000,00", 12, colour=(1, 1, 1))
    (page,) = decode(write_pdf([drawn]))
    assert [word.text for word in page.words] == ["Total amount", "1.234,50 €"]


def test_invisible_layers_under_scans_are_not_believed(decode: Decode) -> None:
    content = write_pdf([sheet()]).replace(b"BT 0 0 0 rg", b"BT 3 Tr  rg")
    assert decode(content)[0].words == ()


def test_scans_have_no_words(decode: Decode) -> None:
    file = io.BytesIO()
    Image.effect_noise((600, 400), 60).convert("RGB").save(file, "PDF", resolution=100)
    (page,) = decode(file.getvalue())
    assert page.words == ()
    assert page.pixels.std() > 10


def test_a_font_without_meaning_is_not_believed(decode: Decode) -> None:
    content = b"BT /F1 12 Tf 40 150 Td <808182838485868788> Tj ET"
    garbled = pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 5 0 R "
        b"/Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding "
        b"/Differences [128 /g1 /g2 /g3 /g4 /g5 /g6 /g7 /g8 /g9] >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )
    assert decode(garbled)[0].words == ()
