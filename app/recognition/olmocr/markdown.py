"""Markdown of an answer: pipe tables (GitHub Flavored Markdown) and the prose around them.

The library splits rows and reads cells. Which lines are rows is decided here: its table rule would drop the
cells of a row that is longer than the head, and whole tables whose second line does not fit the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.rules_block.table import escapedSplit

from app.recognition.olmocr.inline import plain_text
from app.recognition.olmocr.placing import WrittenCell, WrittenTable

_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_RULE = re.compile(r"(?:[-*_][ \t]*){3,}|(?:```|~~~)[ \t]*\w{0,20}")
_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,500}\)")


def read_markdown(source: str) -> Iterator[str | WrittenTable]:
    """Paragraphs as plain text, and tables, in reading order."""
    lines = [line.strip() for line in source.split("\n")]
    paragraph: list[str] = []
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end > at or not lines[at] or _HEADING.match(lines[at]):
            yield from _paragraph(paragraph)
            paragraph = []
        if end > at:
            yield _table(lines[at:end])
        elif _HEADING.match(lines[at]):
            yield from _paragraph([_HEADING.sub("", lines[at])])
        else:
            paragraph.append(lines[at])
        at = max(end, at + 1)
    yield from _paragraph(paragraph)


def _paragraph(lines: list[str]) -> Iterator[str]:
    kept = [line for line in lines if line and not _RULE.fullmatch(line)]
    text = plain_text(_IMAGE.sub("", "\n".join(kept)))
    if text:
        yield text


def _table_end(lines: list[str], start: int) -> int:
    """The line after the table that begins at ``start``; ``start`` itself where none begins."""
    if "|" not in lines[start] or start + 1 == len(lines):
        return start
    if not _is_delimiter(lines[start + 1]) and not (_is_boxed(lines[start]) and _is_boxed(lines[start + 1])):
        return start
    end = start + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return end


def _is_delimiter(line: str) -> bool:
    return "-" in line and _DELIMITER.fullmatch(line) is not None


def _is_boxed(line: str) -> bool:
    """Whether the line is a row even where no delimiter says so."""
    return len(line) > 2 and line.startswith("|") and line.endswith("|")


def _table(lines: list[str]) -> WrittenTable:
    marked = _is_delimiter(lines[1])
    rows = [_row(line) for line in (lines[:1] + lines[2:] if marked else lines)]
    if marked and not any(cell.text for cell in rows[0]):
        return WrittenTable(tuple(rows[1:]), 0)  # a head that only the syntax asked for
    return WrittenTable(tuple(rows), 1 if marked else 0)


def _row(line: str) -> tuple[WrittenCell, ...]:
    cells = escapedSplit(line)
    if cells and not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip() and line.endswith("|"):
        cells = cells[:-1]
    return tuple(WrittenCell(plain_text(cell.strip())) for cell in cells)
