"""How a number is written, apart from its digits: sign, currency, separators, rate, mark. Nothing decided.

A table has many numbers and few shapes (``1,234.50`` and ``9,876.25`` have the same one), so a shape is
parsed once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

SPACES = " \u00a0\u2007\u2009\u202f"
APOSTROPHES = "'\u2019\u02bc"
MINUS_SIGNS = "\u2212\u2013\u2010\u2011-"
"""The hyphen stands last, so that the signs can stand in a character class."""
TRIANGLES = "▲△"
"""Negative in Japanese accounts."""

MOST_DIGITS = 15
"""Excel keeps 15 significant digits; a longer number would be changed."""

_ISO_4217 = """
    AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HRK HUF IDR ILS INR ISK JOD
    JPY KES KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RMB RON RSD RUB SAR SEK SGD
    THB TND TRY TWD UAH USD UYU VND ZAR
"""
_SYMBOLS = (
    r"(?:US|CA|AU|NZ|HK|NT|MX|A|C|S|R)?\$|[€£¥￥₹₽₩₺₴₫₱₪฿₦₲₡]|kr\.?|Kr\.?|Kč|zł|Ft|lei|TL"
    r"|лв\.?|руб\.?|р\.|грн\.?|Rs\.?|Rp\.?|RM|Fr\.|円|元|원"
)
_CURRENCY = rf"(?:{'|'.join(_ISO_4217.split())}|{_SYMBOLS})"
_SIGN = rf"[+{TRIANGLES}{MINUS_SIGNS}]"
_GAP = rf"[{SPACES}]?"
_CORE = rf"0(?:[0.,{APOSTROPHES}{SPACES}]*0)?|[.,]0+"
_MARK = (
    rf"{_GAP}(?:\*{{1,4}}|\(\*{{1,3}}\)|[†‡§¶]{{1,2}})"
    r"|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}[⁾)]?|[ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ]⁾?"
    rf"|[{SPACES}][a-z]\)"
)
_NUMERAL = re.compile(
    rf"(?P<head>\(?{_GAP}{_SIGN}?{_GAP}(?P<before>{_CURRENCY})?{_GAP}\(?{_SIGN}?{_GAP}(?P<rate_before>%)?)"
    rf"(?P<core>{_CORE})(?P<dash>[.,][\u2013\u2014-]{{1,2}})?"
    rf"(?P<tail>{_GAP}(?P<rate_after>[%‰])?{_GAP}(?P<after>{_CURRENCY})?{_GAP}[{MINUS_SIGNS}]?{_GAP}\)?)"
    rf"(?P<mark>{_MARK})?"
)
_BETWEEN = re.compile("[^0]+")
_NEGATIVE = frozenset("(" + TRIANGLES + MINUS_SIGNS)
_SIGNS = frozenset("+" + TRIANGLES + MINUS_SIGNS)


class Decimals(StrEnum):
    """Which character stands before the decimals."""

    POINT = "."
    COMMA = ","

    @property
    def grouping(self) -> str:
        """The characters that may stand between groups of digits."""
        other = "," if self is Decimals.POINT else "."
        return other + APOSTROPHES + SPACES


@dataclass(frozen=True, slots=True)
class Layout:
    """The digits of a shape under a convention for the decimal separator."""

    group_lengths: tuple[int, ...]
    """Digits in each group of the whole part, left to right; one group: not grouped."""
    separator: str
    """Between the groups; empty when not grouped."""
    decimals: int
    """Digits behind the decimal separator."""
    fits: bool
    """Whether Excel keeps all digits."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A number without its digits."""

    head: str
    """Everything before the digits: sign, parenthesis, currency, spaces, a leading per cent sign."""
    tail: str
    """Everything behind the digits."""
    plain_head: str
    """The head without signs and parentheses."""
    plain_tail: str
    """The tail without signs and parentheses."""
    start: int
    end: int
    """Where the digits with their separators stand."""
    lengths: tuple[int, ...]
    """Of the runs of digits."""
    separators: tuple[str, ...]
    """What stands between the runs of digits, and before the first one in ``.5``."""
    distinct: tuple[str, ...]
    """Each separator once."""
    currency: str
    rate: str
    """``%``, ``‰`` or nothing."""
    mark: str
    """A footnote's, or stars of significance."""
    negative: bool
    """Whether a minus or parentheses stand around the digits."""
    parenthesised: bool
    """Whether parentheses stand around the number, as accountants write what is negative."""
    trailing_minus: bool
    """Whether the minus stands behind the digits."""
    triangle: bool
    """Whether a triangle stands for the minus."""
    signed: bool
    """Whether it has a sign other than parentheses before its digits or behind them."""
    separated: bool
    """Whether a point or a comma stands in it."""
    scale: int
    """Places by which a rate moves the point: 2 for per cent, 3 for per mille."""
    spaced: bool
    """Whether spaces stand between its digits."""
    layouts: Mapping[Decimals, Layout]
    """Of each convention under which it can be read when the first digit is none of several and zero."""
    zero_layouts: Mapping[Decimals, Layout]
    """The same when the first digit is zero."""

    @property
    def is_plain(self) -> bool:
        """Whether the digits have no separator at all."""
        return not self.separators

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing but digits."""
        return not (self.separators or self.head or self.tail)


@lru_cache(maxsize=4096)
def shape_of(zeros: str) -> Shape | None:
    """The shape of a text in which every digit stands as 0, None where anything in it is not part of one
    number."""
    found = _NUMERAL.fullmatch(zeros)
    if found is None or not _consistent(found):
        return None
    head, middle = found["head"], found["tail"]
    dash, mark = found["dash"] or "", found["mark"] or ""
    separators = tuple(_BETWEEN.findall(found["core"]))
    lengths = tuple(len(run) for run in _BETWEEN.split(found["core"]) if run)
    layouts = {d: layout for d in Decimals if (layout := _layout(lengths, separators, d, dash))}
    rate = found["rate_before"] or found["rate_after"] or ""
    minus_behind = any(sign in MINUS_SIGNS for sign in middle)
    return Shape(
        head=head,
        tail=dash + middle + mark,
        plain_head=_unsigned(head),
        plain_tail=dash + _unsigned(middle) + mark,
        start=found.start("core"),
        end=found.end("core"),
        lengths=lengths,
        separators=separators,
        distinct=tuple(set(separators)),
        currency=found["before"] or found["after"] or "",
        rate=rate,
        mark=mark,
        negative=any(char in _NEGATIVE for char in head + middle),
        parenthesised="(" in head,
        trailing_minus=minus_behind,
        triangle=any(char in TRIANGLES for char in head),
        signed=any(char in _SIGNS for char in head + middle),
        separated="." in separators or "," in separators,
        scale={"%": 2, "‰": 3}.get(rate, 0),
        spaced=any(separator in SPACES for separator in separators),
        layouts=layouts,
        zero_layouts={d: layout for d, layout in layouts.items() if sum(layout.group_lengths) <= 1},
    )


def _consistent(found: re.Match[str]) -> bool:
    """Parentheses that match, at most one sign, currency and rate, one-character separators."""
    head, tail = found["head"], found["tail"]
    signs = sum(char in _SIGNS for char in head + tail)
    opened = head.count("(")
    given = [found[name] for name in ("before", "after", "rate_before", "rate_after") if found[name]]
    return (
        opened == tail.count(")") <= 1
        and signs + opened <= 1
        and len(given) <= 1
        and all(len(separator) == 1 for separator in _BETWEEN.findall(found["core"]))
    )


def _unsigned(text: str) -> str:
    """Head or tail of the same number without its sign."""
    kept = re.sub(rf"[()+{TRIANGLES}{MINUS_SIGNS}]", "", text)
    return re.sub(r"\s{2,}", " ", kept) if kept.strip() else ""


def _layout(
    lengths: tuple[int, ...], separators: tuple[str, ...], decimals: Decimals, dash: str
) -> Layout | None:
    """The runs of digits under a convention, None where the separators contradict it."""
    if dash and (dash[0] != decimals or decimals in separators):
        return None
    if separators.count(decimals) > 1 or (decimals in separators and separators[-1] != decimals):
        return None
    places = 0
    if decimals in separators:
        places, lengths, separators = lengths[-1], lengths[:-1], separators[:-1]
    if not _well_grouped(lengths, separators, decimals):
        return None
    fits = sum(lengths) + places <= MOST_DIGITS
    return Layout(lengths, separators[0] if separators else "", places, fits)


def _well_grouped(lengths: tuple[int, ...], separators: tuple[str, ...], decimals: Decimals) -> bool:
    """Thousands, or lakh and crore (12,34,567), all with the same separator."""
    if not separators:
        return True
    if len(lengths) != len(separators) + 1 or len(set(separators)) > 1:
        return False
    if separators[0] not in decimals.grouping:
        return False
    first, *middle, last = lengths
    western = first <= 3 and last == 3 and all(length == 3 for length in middle)
    indian = separators[0] == "," and bool(middle) and first <= 2 and last == 3 and set(middle) == {2}
    return western or indian
