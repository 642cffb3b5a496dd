"""Stripes and coloured cells part rows and columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.engine import Recognition
from app.recognition.evidence import Word
from app.recognition.local.bands import band_edges
from app.tables.geometry import Box
from tests.support.drawing import table
from tests.support.tables import Look, draw, texts

Recognize = Callable[[Pixels], Recognition]


def _page(*, stripes: tuple[int, ...] = (), columns: tuple[int, ...] = ()) -> tuple[Pixels, list[Word]]:
    """Four rows of three words, each second row from ``stripes`` on a ground of its own."""
    pixels = np.full((200, 400, 3), 255, np.uint8)
    for row in stripes:
        pixels[20 + 40 * row : 60 + 40 * row, 20:380] = (241, 230, 220)
    for col in columns:
        pixels[20:180, 20 + 120 * col : 140 + 120 * col] = 225
    words = [
        Word("word", Box(40 + 120 * col, 32 + 40 * row, 90 + 120 * col, 46 + 40 * row))
        for row in range(4)
        for col in range(3)
    ]
    for word in words:
        box = word.box
        pixels[int(box.y0) : int(box.y1) : 3, int(box.x0) : int(box.x1)] = 30
    return pixels, words


def test_each_edge_of_a_stripe_is_found_once() -> None:
    pixels, words = _page(stripes=(0, 2))
    found = band_edges(pixels, words, 14.0)
    assert [round(edge.at) for edge in found] == pytest.approx([20, 60, 100, 140], abs=1)
    assert all(edge.horizontal and edge.length > 340 for edge in found)


def test_a_coloured_column_is_parted_from_its_neighbours() -> None:
    pixels, words = _page(columns=(1,))
    found = [edge for edge in band_edges(pixels, words, 14.0) if not edge.horizontal]
    assert [round(edge.at) for edge in found] == pytest.approx([140, 260], abs=1)


def test_uneven_light_has_no_edges() -> None:
    pixels, words = _page()
    light = np.linspace(0.5, 1, 400)[None, :, None] * np.linspace(0.7, 1, 200)[:, None, None]
    assert band_edges((pixels * light).astype(np.uint8), words, 14.0) == []


def test_a_stripe_holds_one_row_of_several_lines(recognize: Recognize) -> None:
    drawn = table(
        "Town | Contact | Task",
        "Bergen | Service desk\nof the north | Costs of freight\nand customs\nand duties paid",
        "Oslo\nand around | Islands | Steel",
        "North | Payments\nto suppliers | Goodwill",
        header_rows=1,
    )
    look = Look(rules="none", pad_y=4, stripe=(222, 230, 242))
    found = recognize(draw(drawn, look)).tables
    assert [texts(one.table) for one in found] == [texts(drawn)]
    assert found[0].table.header_rows == 1
