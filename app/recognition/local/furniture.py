"""What stands above and below the tables of a document, running heads and feet and page numbers left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.recognition.continuation.captions import says_continued
from app.recognition.decoding.page import Page
from app.recognition.engine import FoundTable, Surroundings
from app.recognition.evidence import Word
from app.recognition.local.place import Place
from app.recognition.local.regions.captions import is_title
from app.tables.geometry import Box
from app.tables.text import one_line

_MOST_TEXTS = 8
_SAME_PLACE = 0.012
"""In page heights, and in page widths."""
_MARGIN = 0.12
"""Page numbers stand in this share of the page at its top and bottom."""
_NEIGHBOURS = (1, 2)
"""A head or foot comes again on the next page or, where left and right pages differ, the next but one."""
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|seite|pagina|página|sivu|side|sida|strona|стр\.?|p\.|s\.|pg\.?)?\s*"
    r"(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von|de|di|sur|van|z|из|av|af|—|-)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^\W*(?:19|20)\d\d\W*$")


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The texts of a page that belong to no table, with their places in source pixels."""

    number: int
    width: float
    height: float
    texts: tuple[tuple[str, Box], ...]


def texts_outside(page: Page, words: Sequence[Word], found: Sequence[FoundTable], place: Place) -> PageTexts:
    """What the page says in none of its tables, top to bottom; the words in pixels of the prepared page."""
    tables = [table.box for table in found if table.box is not None]
    placed = [(one_line(word.text), place.box(word.box)) for word in words]
    free = [(text, box) for text, box in placed if not any(_holds(table, box) for table in tables)]
    free.sort(key=lambda item: item[1].center[1])
    return PageTexts(page.number, page.source_width, page.source_height, tuple(free))


def with_surroundings(found: Sequence[FoundTable], pages: Sequence[PageTexts]) -> list[FoundTable]:
    """The tables, each told what stands around it on its page."""
    known = {page.number: page for page in pages}
    return [replace(table, surroundings=_surroundings(table, known)) for table in found]


def _holds(table: Box, word: Box) -> bool:
    x, y = word.center
    return table.x0 <= x <= table.x1 and table.y0 <= y <= table.y1


def _surroundings(found: FoundTable, pages: Mapping[int, PageTexts]) -> Surroundings | None:
    page, box = pages.get(found.page), found.box
    if page is None or box is None:
        return None
    above = [(text, place) for text, place in page.texts if place.center[1] < box.y0]
    below = [(text, place) for text, place in page.texts if place.center[1] > box.y1]
    own = [found.table.title, *found.table.notes]
    before = [text for text, place in above if not _is_furniture(text, place, page, pages, after=False)]
    behind = [text for text, place in below if not _is_furniture(text, place, page, pages, after=True)]
    return Surroundings(
        tuple(_others(before, own))[-_MOST_TEXTS:],
        tuple(_others(behind, own))[:_MOST_TEXTS],
        page.width,
        page.height,
    )


def _others(texts: Sequence[str], own: Sequence[str]) -> Iterator[str]:
    """Texts that say something and are not part of the table's title and notes."""
    for text in texts:
        if any(map(str.isalnum, text)) and not any(text in known for known in own):
            yield text


def _is_furniture(
    text: str, place: Box, page: PageTexts, pages: Mapping[int, PageTexts], *, after: bool
) -> bool:
    """Above a table only what an earlier page has too: a new head is a new subject. Below also what a later
    page has."""
    if is_title(text) or says_continued(text):
        return False
    edge = min(place.center[1], page.height - place.center[1])
    if edge < _MARGIN * page.height and _PAGE_NUMBER.match(text) and not _YEAR.match(text):
        return True
    numbers = [page.number - step for step in _NEIGHBOURS]
    numbers += [page.number + step for step in _NEIGHBOURS] if after else []
    return any(_comes_again(text, place, page, pages[number]) for number in numbers if number in pages)


def _comes_again(text: str, place: Box, page: PageTexts, other: PageTexts) -> bool:
    return any(
        text == again
        and abs(place.center[1] / page.height - box.center[1] / other.height) < _SAME_PLACE
        and abs(place.x0 / page.width - box.x0 / other.width) < _SAME_PLACE
        for again, box in other.texts
    )
