"""Words by which tables name sums and means, in the languages of their readers."""

from __future__ import annotations

import re

_TOTAL = re.compile(
    r"(?i)\b(?:sub|grand[\s-]?)?(?:totals?|totale|totaal|totales|totais)\b|\bsums?\b|\bsumm[ae]\b"
    r"|\bsoma\b|\bsuma\b|\b(?:zwischen|gesamt|end)?summe\b|\bgesamt\w*|\binsgesamt\b|\bzusammen\b"
    r"|\bensemble\b|\bcombined\b|\brazem\b|\bogółem\b|\błącznie\b|\bcelkem\b|\bspolu\b|\bskupaj\b|\bukupno\b"
    r"|\bösszesen\b|\byhteensä\b|\bkokku\b|\bkopā\b|\biš viso\b|\btoplam\b|\bjumlah\b|\bi alt\b"
    r"|\bsammanlagt\b|\ball\b|\bboth\b|итого|всего|усього|разом|общо|σύνολο"
    r"|合计|合計|总计|總計|小计|小計|합계|총계"
)
_MEAN = re.compile(
    r"(?i)\b(?:averages?|avg|means?|mean value|durchschnitt\w*|mittel\w*|moyennes?|media|medio|promedio|média"
    r"|gemiddelde?|średnia|průměr|ortalama|keskiarvo|medel\w*)\b|ø|среднее|в среднем|平均"
)
_PART = re.compile(
    r"(?i)^[\W\d_]*(?:of (?:which|whom|these|this)\b|thereof\b|incl(?:uding|\.|\b)|davon\b|darunter\b|dont\b"
    r"|di cui\b|de l[oa]s cuales\b|de ellos\b|d[oa]s quais\b|waarvan\b|w tym\b|z toho\b|heraf\b|varav\b"
    r"|herav\b|josta\b|joista\b|ebből\b|din care\b|od (?:čega|toho)\b|iš jų\b|no tiem\b|sellest\b|bunun\b"
    r"|в том числе|из них|у тому числі|от които|εκ των οποίων|うち|其中|이 중)"
)


def names_total(label: str) -> bool:
    """True where the label says that the line adds up others."""
    return bool(_TOTAL.search(label))


def names_mean(label: str) -> bool:
    """True where the label says that the line holds means."""
    return bool(_MEAN.search(label))


def names_part(label: str) -> bool:
    """True where the label says that the line is contained in the one before, maybe among others."""
    return bool(_PART.match(label))
