"""How titles of tables, notes to them and captions of figures begin, in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.recognition.evidence import Word

_NUMBER = r"[\s.:№#]*([A-Z]{0,2}[.\-]?\d|[IVX]+\b|[A-Z][.:])"
_TABLE = (
    r"tab(le|elle?|leau|ella|ela|la|el|ell|ulka|uľka|ula|lica|lo|elul)?"
    r"|taulukko|lentelė|táblázat|exhibit|табл(ица|иця)?|πίνακας|bảng"
)
_TITLE = re.compile(
    rf"^\W{{0,2}}(({_TABLE}){_NUMBER}|({_TABLE})\s*:|\d+\.?\s*({_TABLE})\b|表格?\s*[\d一-十])", re.I
)
_FIGURE = re.compile(
    rf"^\W{{0,2}}(fig(ure|ura|uur|ur)?|abb(ildung)?|gra(ph|fik|phique|fico|fiek)|chart|diagramm?|рис(унок)?|kuva"
    rf"|εικόνα|rys(unek)?|obr(ázek)?){_NUMBER}|^[図图圖]\s*\d",
    re.I,
)
_SOURCE = re.compile(
    r"^\W{0,2}(\w+\s)?(sources?|notes?|notas?|quellen?|anmerkung(en)?|hinweise?|legende?|fuentes?|fontes?|bron(nen)?"
    r"|opmerking(en)?|key|källa|kilder?|lähde|źródło|uwag[ai]|zdroj|poznámky?|forrás|megjegyzés|sursa|izvor|allikas"
    r"|avots|šaltinis|источники?|примечани[ея]|джерел[оа]|πηγ(ή|ές)|σημειώσεις|σημείωση|kaynak)\s*[:：.]"
    r"|^\W{0,2}(?-i:Sources?|Notes?|Quelle)\s|^n\.?\s?b\.?\s*[:.]|^p\.?\s?s\.?\s*:"
    r"|^(资料来源|來源|来源|数据来源|注|註|出典|備考|출처|자료|주)\s*[:：]|^[*†‡§¶]",
    re.I,
)
_MARK = re.compile(
    r"^([¹²³⁴⁵⁶⁷⁸⁹⁰ᵃᵇᶜᵈᵉ]|\(?[\da-z*]{1,2}\)\s?\S|\([:;.\-–]\)|\[[\da-z]\]\s?\S|[\w./()%]{1,6}\s*[=:]\s*\w|[:.]{1,3}\s+\w)",
    re.I,
)


def text_of(line: Sequence[Word]) -> str:
    """The words of a line with spaces between them."""
    return " ".join(word.text for word in line)


def is_title(text: str) -> bool:
    """True for text that begins as captions of tables do: a word for table and its number."""
    return bool(_TITLE.match(text))


def is_figure(text: str) -> bool:
    """True for text that begins as captions of figures and charts do."""
    return bool(_FIGURE.match(text))


def is_source(text: str) -> bool:
    """True for text that begins as sources and notes do, and no row of a table does."""
    return bool(_SOURCE.match(text))


def is_note(text: str) -> bool:
    """True for sources, and for text after a mark, which a row may begin with as well."""
    return is_source(text) or bool(_MARK.match(text))
