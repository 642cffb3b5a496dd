"""Inline markdown as plain text: escapes, entities, emphasis, line breaks, superscripts."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from app.recognition.olmocr.cell_text import CellText
from app.recognition.olmocr.tags import is_tag
from app.tables.text import clean

_FORMULA = re.compile(r"\\\(.{0,400}?\\\)|\\\[.{0,400}?\\\]|\$[^$\n]{1,400}\$", re.DOTALL)
_MARKUP = re.compile(r"[\\*_`<>&\[\]!$~\n]")
_LONGEST = 4_000
"""Characters that are read as markdown; a longer text is taken as it is."""
_TAG = re.compile(r"<(/?)([a-z0-9]+)", re.IGNORECASE)


def plain_text(source: str) -> str:
    """What a reader sees of one cell or paragraph."""
    if not _MARKUP.search(source):
        return clean(source)
    text = CellText()
    if len(source) > _LONGEST:
        text.add(source)
        return text.text()
    for token in _reader().parseInline(source):
        for child in token.children or []:
            _add(child, text)
    return text.text()


def _add(token: Token, text: CellText) -> None:
    if token.type == "softbreak":
        text.add(" ")
    elif token.type == "hardbreak":
        text.add_line_break()
    elif token.type == "html_inline":
        _add_tag(token.content, text)
    else:
        text.add(token.content)  # of marks such as em_open it is empty


def _add_tag(source: str, text: CellText) -> None:
    match = _TAG.match(source)
    if match is None or not is_tag(source):
        text.add(source)
        return
    name = match[2].lower()
    if name == "br":
        text.add_line_break()
    elif name in ("sup", "sub"):
        (text.close_mark if match[1] else text.open_mark)(name)


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark")
    reader.inline.ruler.before("escape", "formula", _formula_rule)
    return reader


def _formula_rule(state: StateInline, silent: bool) -> bool:
    """Keeps `\\( … \\)` away from the rules for escapes and emphasis."""
    if state.src[state.pos] not in "\\$":
        return False
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("text", "", 0).content = match[0]
    state.pos = match.end()
    return True
