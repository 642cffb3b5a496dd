"""What the answer of an olmOCR model means: the tables of a page with their titles and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import EngineAnswerUnusable, EngineRefused, NoTableFound
from app.recognition.engine import Surroundings
from app.recognition.olmocr.blocks import read_blocks
from app.recognition.olmocr.front_matter import FrontMatter, split_front_matter
from app.recognition.olmocr.placing import WrittenTable, formed_table
from app.recognition.olmocr.surroundings import notes_after, title_before
from app.tables.grid import Table

PlacedTable = tuple[Table, Surroundings]
"""A table and the text around it on its page; the model leaves page furniture out."""
MAX_CHARACTERS = 400_000
"""Longest answer; ten times what 8,000 tokens can say."""
_MOST_TEXTS, _NEAR = 8, 30
"""Texts that are told of around a table, and blocks that are looked through for them."""
_LONGEST_REFUSAL = 400
_REFUSAL = re.compile(
    r"(?:I(?:['’]m| am) (?:sorry|unable|not able)|(?:I )?(?:can(?:['’]t|not)|won['’]t) |Sorry,|As an AI\b)",
    re.IGNORECASE,
)
"""How assistants begin when they will not."""
_POISON = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
"""Control characters and halves of characters: never seen on a page, and parsers stumble over them."""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """An answer whose head is read and whose body is not."""

    front_matter: FrontMatter
    body: str

    def tables(self) -> tuple[Table, ...]:
        """See `placed_tables`."""
        return tuple(table for table, _ in self.placed_tables())

    def placed_tables(self) -> tuple[PlacedTable, ...]:
        """In reading order. NoTableFound: the page has none; EngineAnswerUnusable: nothing to rely on."""
        found = _tables(list(read_blocks(self.body)))
        if found:
            return found
        if self.front_matter.is_table:
            raise EngineAnswerUnusable("The olmOCR model saw a table but did not write it down.")
        if not self.front_matter.present:
            raise EngineAnswerUnusable("The olmOCR model answered in a form that cannot be understood.")
        raise NoTableFound("No table was found in this image.")


def read_answer(text: str) -> PageAnswer:
    """The answer to one page. EngineAnswerUnusable: it is empty, beyond any size, or (EngineRefused) none."""
    if len(text) > MAX_CHARACTERS:
        raise EngineAnswerUnusable("The olmOCR model answered with more text than a page can hold.")
    clean = _POISON.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not clean:
        raise EngineAnswerUnusable("The olmOCR model answered with nothing.")
    if len(clean) <= _LONGEST_REFUSAL and _REFUSAL.match(clean):
        raise refused()
    return PageAnswer(*split_front_matter(clean))


def refused() -> EngineRefused:
    """For an answer that is a refusal."""
    return EngineRefused("The olmOCR model refuses to read the image. Use the local engine for it.")


def _tables(blocks: list[str | WrittenTable]) -> tuple[PlacedTable, ...]:
    tables: list[PlacedTable] = []
    for at, block in enumerate(blocks):
        if not isinstance(block, str):
            title, notes = title_before(blocks, at), notes_after(blocks, at)
            table = formed_table(block, title=title, notes=notes)
            tables += [] if table is None else [(table, _around(blocks, at, (title, *notes)))]
    return tuple(tables)


def _around(blocks: Sequence[str | WrittenTable], at: int, own: Sequence[str]) -> Surroundings:
    """The prose before and behind a table, without its ``own`` title and notes."""
    before, behind = (
        [text for text in side if isinstance(text, str) and not any(text in known for known in own)]
        for side in (blocks[max(0, at - _NEAR) : at], blocks[at + 1 : at + 1 + _NEAR])
    )
    return Surroundings(tuple(before[-_MOST_TEXTS:]), tuple(behind[:_MOST_TEXTS]))
