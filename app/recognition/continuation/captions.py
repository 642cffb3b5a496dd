"""Captions that say that a table goes on, in the words of many languages."""

from __future__ import annotations

import re

from app.tables.text import one_line

_WORD = (
    r"(?:continued|continues|continuation|cont['’]?d|cont\.|fortsetzung|fortgesetzt|forts\.|suite|à suivre"
    r"|continúa|continuación|continuacion|continua|continuazione|segue|continuação|vervolg|fortsættelse"
    r"|fortsat|fortsatt|forts|fortsättning|jatkuu|jatkoa|ciąg dalszy|c\.\s?d\.|cd\.|pokračování|folytatás"
    r"|continuare|продолжение|окончание|продовження|συνέχεια|続き|续表|续|接上表|接上页)"
)
_EARLIER = r"(?:noch|segue|suite d[ue]|continuation of|fortsetzung von|续表?)"
_MARKS = (
    rf"[(\[（].{{0,40}}?\b{_WORD}[^)\]）]{{0,60}}[)\]）]",  # Table 3 (continued from the previous page)
    rf"^\W*{_WORD}\b.{{0,60}}$",  # Continued on the next page
    rf"^\W*{_EARLIER}\W*(?=tab|表)",  # Noch: Tabelle 3
    rf"(?:[\s,;:–—-]+){_WORD}(?:\s+(?:from|on|de|et|von|aus|auf|from)\b.{{0,40}})?\W*$",  # Table 3, continued
)
_CONTINUED = re.compile("|".join(_MARKS), re.IGNORECASE)
_NUMBER = re.compile(
    r"^\W*(?:[^\W\d]+\.?\s*){0,2}?(?:n[o°º]\.?\s*)?([A-Z]?\d+(?:[.\-–]\d+)*[a-z]?|[IVXLC]+\b)", re.IGNORECASE
)


def says_continued(text: str) -> bool:
    """Whether the text says that something goes on from the page before, or on the next."""
    return bool(_CONTINUED.search(one_line(text)))


def is_same_caption(first: str, second: str) -> bool:
    """Whether ``second`` can stand above a part of the table captioned ``first``: it says so, or says
    nothing else."""
    kept = _plain(_CONTINUED.sub(" ", one_line(second)))
    if not kept:
        return True
    whole = _plain(_CONTINUED.sub(" ", one_line(first)))
    if says_continued(second):
        return _agree(whole, kept)
    return whole == kept


def _agree(whole: str, kept: str) -> bool:
    """A continued caption repeats the number, or where there is none some of the words."""
    numbers = _NUMBER.match(whole), _NUMBER.match(kept)
    if numbers[0] and numbers[1]:
        return numbers[0][1] == numbers[1][1]
    return not whole or whole.startswith(kept) or kept.startswith(whole)


def _plain(text: str) -> str:
    return re.sub(r"[^\w.]+", " ", text.casefold()).strip(" .")
