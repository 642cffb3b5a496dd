"""The HTML parser with types: libxml2's, which mends what is not closed."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, cast


class Element(Protocol):
    """What is needed of an lxml element."""

    @property
    def tag(self) -> object: ...
    @property
    def text(self) -> str | None: ...
    @property
    def tail(self) -> str | None: ...
    def get(self, key: str, default: str) -> str: ...
    def find(self, path: str) -> Element | None: ...
    def itertext(self) -> Iterable[str]: ...


_etree: Any = importlib.import_module("lxml.etree")  # it has no types of its own


def parsed(markup: str) -> Element | None:
    """The root of the markup; None when there is nothing in it (lxml itself raises then)."""
    if not markup.strip():
        return None
    parser = _etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    return cast("Element | None", _etree.fromstring(markup.encode("utf-8", "replace"), parser))


def walk(element: Element) -> Iterator[tuple[str, Element]]:
    """("start", element) and ("end", element) for all below and the element itself, in document order."""
    return cast("Iterator[tuple[str, Element]]", _etree.iterwalk(element, events=("start", "end")))
