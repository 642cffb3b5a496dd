"""Words by which tables name sums and means, in the languages of their readers."""

from __future__ import annotations

import re

_TOTAL = re.compile(
    r"\b(?:(?:sub|grand[\s-]?)?(?:totals?|totale|totaal|totales|totais)|sums?|summ[ae]"
    r"|soma|suma|(?:zwischen|gesamt|end)?summe|gesamt\w*|insgesamt|zusammen"
    r"|ensemble|combined|razem|ogółem|łącznie|celkem|spolu|skupaj|ukupno"
    r"|összesen|yhteensä|kokku|kopā|iš viso|toplam|jumlah|i alt|sammanlagt|all|both)\b"
    r"|итого|всего|усього|разом|общо|σύνολο|合计|合計|总计|總計|小计|小計|합계|총계"
)
"""Of small letters: of a text of any letters it would take fifteen times as long."""
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
    return bool(_TOTAL.search(label.lower()))


def names_mean(label: str) -> bool:
    """True where the label says that the line holds means."""
    return bool(_MEAN.search(label))


def names_part(label: str) -> bool:
    """True where the label says that the line is contained in the one before, maybe among others."""
    return bool(_PART.match(label))
