"""A walk through the element tree of an HTML table that writes down its rows."""

from __future__ import annotations

import re

from app.recognition.olmocr.cell_text import CellText
from app.recognition.olmocr.html_tree import Element
from app.recognition.olmocr.placing import WrittenCell, WrittenTable

_CELLS = ("td", "th")
_LINES = ("p", "div", "li", "ul", "ol", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table")
"""Elements that begin and end a line within a cell; rows of a nested table are lines too."""
_LARGEST_SPAN = 65_534
"""The HTML standard's limit for rows."""


class TableWalk:
    """`enter` and `leave` every element of one table in document order, then ask for what was `written`."""

    def __init__(self) -> None:
        self._rows: list[list[WrittenCell]] = []
        self._head_rows: int | None = None
        self._in_head = False
        self._tables = 0  # open ones: 1 outside of nested tables
        self._cell: tuple[Element, CellText] | None = None
        self._caption = CellText()
        self._in_caption = False
        self._stray = CellText()

    def enter(self, element: Element) -> None:
        tag = str(element.tag)
        self._tables += tag == "table"
        if self._tables == 1 and tag in (*_CELLS, "tr", "thead", "caption"):
            self._enter_part(tag, element)
        else:
            self._mark(tag, begins=True)
        self._text.add(element.text)

    def leave(self, element: Element) -> None:
        tag = str(element.tag)
        if self._tables == 1 and tag in (*_CELLS, "tr", "thead", "caption"):
            self._leave_part(tag, element)
        else:
            self._mark(tag, begins=False)
        self._tables -= tag == "table"
        if self._tables:
            self._text.add(element.tail)

    def written(self) -> WrittenTable | None:
        """None when the table has no cell."""
        if not any(self._rows):
            return None
        stray = self._stray.text()
        rows = tuple(map(tuple, self._rows))
        return WrittenTable(rows, self._head_rows, self._caption.text(), (stray,) if stray else ())

    def _enter_part(self, tag: str, element: Element) -> None:
        self._close_cell()
        if tag in _CELLS:
            if not self._rows:
                self._rows.append([])
            self._cell = element, CellText()
        elif tag == "tr":
            self._rows.append([])
        elif tag == "thead":
            self._in_head = len(self._rows) == (self._head_rows or 0)
        else:
            self._in_caption = True

    def _leave_part(self, tag: str, element: Element) -> None:
        if tag in _CELLS:
            if self._cell and self._cell[0] is element:
                self._close_cell()
        elif tag == "caption":
            self._in_caption = False
        elif tag == "thead" and self._in_head:
            self._close_cell()
            self._head_rows = len(self._rows)
            self._in_head = False

    def _close_cell(self) -> None:
        if self._cell is None:
            return
        element, text = self._cell
        self._cell = None
        cell = WrittenCell(
            text.text(), _span(element, "rowspan"), _span(element, "colspan"), element.tag == "th"
        )
        self._rows[-1].append(cell)

    def _mark(self, tag: str, *, begins: bool) -> None:
        """Superscripts, subscripts and line breaks within a cell."""
        if tag in ("sup", "sub"):
            (self._text.open_mark if begins else self._text.close_mark)(tag)
        elif tag in _LINES or (tag == "br" and begins):
            self._text.add_line_break()
        elif tag in _CELLS:
            self._text.add(" ")

    @property
    def _text(self) -> CellText:
        if self._cell:
            return self._cell[1]
        return self._caption if self._in_caption else self._stray


def _span(element: Element, name: str) -> int:
    """0 for "all that follow"; 1 where the attribute is missing or makes no sense."""
    match = re.match(r"\s*\+?(\d{1,12})", str(element.get(name, "1")))
    value = int(match[1]) if match else 1
    return min(value, _LARGEST_SPAN) if value or name == "rowspan" else 1
