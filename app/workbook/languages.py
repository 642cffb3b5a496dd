"""Which decimal separator the language of a table's words goes with (CLDR's number symbols)."""

from __future__ import annotations

import re

from app.workbook.shapes import Decimals

_ENGLISH = """
    the of and for with from per year years month revenue revenues income price amount quantity sales
    cost costs tax rate average other item items name date units unit population assets expenses profit
    number description share shares change quarter country region product products people households
    employees january february april june july october december
"""
_GERMAN_DUTCH = """
    der die das und von für mit jahr jahre anzahl umsatz summe betrag preis menge gesamt einheit steuer
    mwst netto brutto rechnung einwohner anteil het een van voor jaar aantal prijs bedrag totaal omzet
    gewicht beschreibung bezeichnung artikel stück wert kosten nummer land gemeinde omschrijving waarde
"""
_ROMANCE = """
    les des et du pour avec année nombre prix montant quantité ventes taux moyenne le della dei prezzo
    quantità importo totale anno numero ano preço quantidade média
    poids désignation libellé valeur pays peso descrizione valore paese codice população peso unidade
"""
_NORDIC_SLAVIC_TURKISH = """
    och av för år antal pris summa og ikke rok cena kwota ilość razem liczba celkem počet částka toplam
    fiyat miktar adet
"""
_POINT_WORDS = frozenset(_ENGLISH.split())
_COMMA_WORDS = frozenset((_GERMAN_DUTCH + _ROMANCE + _NORDIC_SLAVIC_TURKISH).split())
_POINT_SIGNS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|(?<!R)[$]|[£¥￥₹₩]")
"""Thai, Japanese, Chinese, Korean; currencies."""
_COMMA_SIGNS = re.compile("[\u0370-\u03ff\u0400-\u04ff]{3}|R[$]|[₽₺]|zł|Kč")
"""Greek (but not a lone symbol), Cyrillic; currencies."""


def leaning(text: str) -> Decimals | None:
    """The separator that goes with the text's language, None where words don't tell (Spanish has both)."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    point = sum(word in _POINT_WORDS for word in words) + len(_POINT_SIGNS.findall(text))
    comma = sum(word in _COMMA_WORDS for word in words) + len(_COMMA_SIGNS.findall(text))
    if point == comma:
        return None
    return Decimals.POINT if point > comma else Decimals.COMMA
