"""What of a page is shown to the model in its place: crops of its tables, where the page's print is small,
and bands of rows of long tables. Where they lie is known from another engine's reading of the same page."""

from __future__ import annotations

from collections.abc import Sequence

from app.recognition.engine import PageReading
from app.recognition.olmocr.bands import Band, bands_of
from app.recognition.olmocr.page_image import LONGEST_SIDE
from app.recognition.survey import Survey
from app.tables.geometry import Box, hull

_SMALL = 10.0
"""Height of ink in pixels of the image for the model below which crops do better (bench/shown.py)."""
_LARGER = 1.25
"""A crop is worth its request where it shows letters so many times as high."""
_MARGIN = 4.0
"""Pixels, at least."""
_ROOM = 5.0
_BESIDE = 1.5
"""Heights of letters: so near to a table stand its caption and notes; so near the pieces of their lines."""


def is_small(survey: Survey) -> bool:
    """Whether letters would stand too low in the image of the whole page."""
    return 0 < survey.letter_height * LONGEST_SIDE < _SMALL


def parts_of(read: PageReading) -> list[list[Band]]:
    """The bands of each table, in the order of the reading; one band where the table is short. None where the
    page is better shown whole."""
    page = Box(0, 0, read.page.width, read.page.height)
    placed = [(found.table, found.box) for found in read.tables if found.box is not None]
    small = is_small(read.page.survey)
    alone = len(placed) == 1 and not small
    cut = [bands_of(table, box, page if alone else _room(box, read)) for table, box in placed]
    if any(len(bands) > 1 for bands in cut):
        return cut
    return cut if small and any(_is_larger(bands[0], page) for bands in cut) else []


def _is_larger(band: Band, page: Box) -> bool:
    width = max(strip.width for strip in band.strips)
    height = sum(strip.height for strip in band.strips)
    return _LARGER * max(width, height) < max(page.width, page.height)


def _room(box: Box, read: PageReading) -> Box:
    """The table with the lines of text next above and below it, each in full, and a margin: letters may stand
    a little out of a box."""
    letter = read.page.survey.letter_height * max(read.page.width, read.page.height)
    tables = [found.box for found in read.tables if found.box is not None]
    outside = [word.box for word in read.page.words if not any(_holds(table, word.box) for table in tables)]
    near = _wider(box, 0, _ROOM * letter)
    lines = _in_full([word for word in outside if near.overlap(word) > 0], outside, _BESIDE * letter)
    margin = max(_MARGIN, letter / 2)
    return _wider(hull([box, *lines]) or box, margin, margin)


def _in_full(begun: Sequence[Box], words: Sequence[Box], gap: float) -> list[Box]:
    """The words, and those that go on beside them in their lines."""
    found, reached = list(begun), list(begun)
    while reached:
        beside = _wider(reached.pop(), gap, 0)
        more = [word for word in words if word not in found and _goes_on(beside, word)]
        found += more
        reached += more
    return found


def _goes_on(beside: Box, word: Box) -> bool:
    return beside.overlap(word) > 0 and beside.y0 < word.center[1] < beside.y1


def _holds(table: Box, word: Box) -> bool:
    x, y = word.center
    return table.x0 <= x <= table.x1 and table.y0 <= y <= table.y1


def _wider(box: Box, across: float, down: float) -> Box:
    return Box(box.x0 - across, box.y0 - down, box.x1 + across, box.y1 + down)
