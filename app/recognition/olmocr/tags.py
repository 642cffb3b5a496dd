"""Which `<…>` of an answer are HTML tags. Everything else is text: `<LOD`, `p <0.05`, `<n.d.>`."""

from __future__ import annotations

import re

_NAMES = (
    "table thead tbody tfoot tr td th caption colgroup col br sup sub b i u s em strong small big mark del "
    "ins code kbd tt font center p div span ul ol li dl dt dd a hr img h1 h2 h3 h4 h5 h6"
).replace(" ", "|")
_NOT_A_TAG = re.compile(rf"<(?!/?(?:{_NAMES})(?:[\s/][^<>]*)?>)", re.IGNORECASE)


def tags_only(source: str) -> str:
    """The source without comments and with every other `<` that begins no tag written as an entity."""
    return _NOT_A_TAG.sub("&lt;", _without_comments(source))


def is_tag(text: str) -> bool:
    """Whether the text begins with a tag."""
    return text.startswith("<") and not _NOT_A_TAG.match(text)


def _without_comments(source: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := source.find("<!--", at)) >= 0 and (end := source.find("-->", start + 4)) >= 0:
        kept.append(source[at:start])
        at = end + 3
    return "".join([*kept, source[at:]])
