"""HTML tables of an answer."""

from __future__ import annotations

from app.recognition.olmocr.html_tree import Element, parsed, walk
from app.recognition.olmocr.html_walk import TableWalk
from app.recognition.olmocr.placing import WrittenTable
from app.recognition.olmocr.tags import tags_only

_WRAPPERS = 4
"""Tables around a table that hold nothing else; deeper ones are not unwrapped."""


def read_html_table(source: str) -> WrittenTable | None:
    """The first table of the source, or the rows that have no table around them; None without any cell."""
    markup = tags_only(source)
    root = parsed(markup if "<table" in markup.lower() else f"<table>{markup}</table>")
    table = None if root is None else root.find(".//table")
    if table is None:
        return None
    rows = TableWalk()
    for event, element in walk(_unwrapped(table)):
        if event == "start":
            rows.enter(element)
        else:
            rows.leave(element)
    return rows.written()


def _unwrapped(table: Element) -> Element:
    """A table that holds nothing but another table is mere layout."""
    for _ in range(_WRAPPERS):
        inner = table.find(".//table")
        if inner is None or _all_text(inner) != _all_text(table):
            break
        table = inner
    return table


def _all_text(element: Element) -> str:
    return "".join("".join(element.itertext()).split())
