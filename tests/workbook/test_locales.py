"""Numbers as CLDR writes them in many places: never a wrong value, and most of them values."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal, format_percent

from app.tables.text import clean
from app.workbook.values import type_tables
from tests.support.display import shown
from tests.support.drawing import table

PLACES = {
    "en_US": "USD",
    "en_GB": "GBP",
    "en_IN": "INR",
    "hi_IN": "INR",
    "de_DE": "EUR",
    "de_AT": "EUR",
    "de_CH": "CHF",
    "fr_FR": "EUR",
    "fr_CH": "CHF",
    "it_IT": "EUR",
    "es_ES": "EUR",
    "es_MX": "MXN",
    "pt_BR": "BRL",
    "pt_PT": "EUR",
    "nl_NL": "EUR",
    "sv_SE": "SEK",
    "nb_NO": "NOK",
    "da_DK": "DKK",
    "fi_FI": "EUR",
    "pl_PL": "PLN",
    "cs_CZ": "CZK",
    "hu_HU": "HUF",
    "ru_RU": "RUB",
    "uk_UA": "UAH",
    "tr_TR": "TRY",
    "el_GR": "EUR",
    "id_ID": "IDR",
    "ja_JP": "JPY",
    "zh_CN": "CNY",
    "ko_KR": "KRW",
    "th_TH": "THB",
    "he_IL": "ILS",
}


def amounts(seed: str) -> list[Decimal]:
    """Ten amounts from cents to millions, some negative."""
    dice = random.Random(seed)
    sizes = [2, 3, 4, 5, 6, 7, 8, 9, 5, 6]
    return [Decimal(dice.randrange(10**size)) / 100 * (1 if dice.random() < 0.8 else -1) for size in sizes]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ["decimals", "counts", "money", "shares"])
def test_never_wrong(place: str, kind: str) -> None:
    expected = amounts(place + kind)
    if kind == "counts":
        expected = [value.to_integral_value() for value in expected]
    written = {
        "decimals": lambda value: format_decimal(value, "#,##0.00", locale=place),
        "counts": lambda value: format_decimal(value, locale=place),
        "money": lambda value: format_currency(value, PLACES[place], locale=place, currency_digits=False),
        "shares": lambda value: format_percent(value / 100000, "#,##0.0%", locale=place),
    }[kind]
    texts = [clean(written(value)) for value in expected]

    typed = type_tables([table(*(f"label | {text}" for text in texts))])[0]

    numbers = 0
    for row, (value, text) in enumerate(zip(expected, texts, strict=True)):
        cell = typed[row, 1]
        assert shown(cell.value, cell.number_format) == text
        if not cell.is_text:
            numbers += 1
            right = round(value / 100000, 3) if kind == "shares" else value
            assert cell.value == pytest.approx(float(right), abs=1e-9)
    assert numbers == len(texts) or (kind == "counts" and numbers >= 5), texts
