"""An answer's text as a sequence of HTML tables and markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.recognition.olmocr.html import read_html_table
from app.recognition.olmocr.markdown import read_markdown
from app.recognition.olmocr.placing import WrittenTable

_TAG = re.compile(r"<(?P<end>/?)(?P<name>table|thead|tbody|tr|td|th)(?=[\s>/])[^<>]*>", re.IGNORECASE)
_DEEPEST = 100
"""Nested tables; deeper ones end the table before them."""


def read_blocks(body: str) -> Iterator[str | WrittenTable]:
    """Paragraphs as plain text, and tables, in reading order."""
    at = 0
    for start, end in _html_spans(body):
        yield from read_markdown(body[at:start])
        table = read_html_table(body[start:end])
        if table is not None:
            yield table
        at = end
    yield from read_markdown(body[at:])


def _html_spans(body: str) -> Iterator[tuple[int, int]]:
    """Start and end of every outermost table. One that is not closed ends where the next begins, or with its
    last tag and the paragraph after it."""
    start = depth = last = 0
    in_cell = False
    for tag in _TAG.finditer(body):
        name = tag["name"].lower()
        if name == "table" and not tag["end"] and depth and (not in_cell or depth == _DEEPEST):
            yield start, tag.start()
            depth = 0
        if depth == 0 and not tag["end"]:  # rows without a table around them are one as well
            start, depth, in_cell = tag.start(), 1, False
        elif name == "table":
            depth += -1 if tag["end"] else 1
            if depth <= 0:
                yield start, tag.end()
        in_cell = name in ("td", "th") and not tag["end"]
        depth, last = max(0, depth), tag.end()
    if depth:
        paragraph = body.find("\n\n", last)
        yield start, len(body) if paragraph < 0 else paragraph
