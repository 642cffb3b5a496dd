"""What a text says as a number: sign, currency, digits with separators, per cent. Nothing is decided here."""

from __future__ import annotations

import re
from dataclasses import dataclass

SPACES = " \u00a0\u2007\u2009\u202f"
APOSTROPHES = "'\u2019\u02bc"
MINUS_SIGNS = "\u2212\u2013\u2010\u2011-"
"""The hyphen stands last, so that the signs can stand in a character class."""

_ISO_4217 = """
    AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HRK HUF IDR ILS INR ISK JOD
    JPY KES KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RMB RON RSD RUB SAR SEK SGD
    THB TND TRY TWD UAH USD UYU VND ZAR
"""
_SYMBOLS = (
    r"(?:US|CA|AU|NZ|HK|NT|MX|A|C|S|R)?\$|[€£¥￥₹₽₩₺₴₫₱₪฿₦₲₡]|kr\.?|Kr\.?|Kč|zł|Ft|lei"
    r"|лв\.?|руб\.?|Rs\.?|Rp\.?|RM|Fr\.|円|元|원"
)
_CURRENCY = rf"(?:{'|'.join(_ISO_4217.split())}|{_SYMBOLS})"
_SIGN = rf"[+{MINUS_SIGNS}]"
_GAP = rf"[{SPACES}]?"
_CORE = rf"\d(?:[\d.,{APOSTROPHES}{SPACES}]*\d)?|[.,]\d+"

_NUMERAL = re.compile(
    rf"(?P<head>\(?{_GAP}{_SIGN}?{_GAP}(?P<before>{_CURRENCY})?{_GAP}\(?{_SIGN}?{_GAP}(?P<rate_before>%)?)"
    rf"(?P<core>{_CORE})"
    rf"(?P<tail>{_GAP}(?P<rate_after>%)?{_GAP}(?P<after>{_CURRENCY})?{_GAP}[{MINUS_SIGNS}]?{_GAP}\)?)",
    re.ASCII,
)

_LONGEST = 64
"""Characters; no number is longer."""
_DIGITS = re.compile("[0-9]+")
_BETWEEN = re.compile("[^0-9]+")
_NEGATIVE = frozenset("(" + MINUS_SIGNS)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A text that is one number as soon as its separators are understood."""

    raw: str
    head: str
    """Everything before the digits: sign, parenthesis, currency, spaces, a leading per cent sign."""
    core: str
    """Digits with their separators."""
    tail: str
    """Everything behind the digits."""
    currency: str
    groups: tuple[str, ...]
    """The runs of digits."""
    separators: tuple[str, ...]
    """What stands between the runs of digits, and before the first one in ``.5``."""
    negative: bool
    """Whether a minus or parentheses stand around the digits."""

    @property
    def parenthesised(self) -> bool:
        """Whether parentheses stand around the number, as accountants write what is negative."""
        return "(" in self.head

    @property
    def trailing_minus(self) -> bool:
        """Whether the minus stands behind the digits."""
        return self.negative and any(sign in self.tail for sign in MINUS_SIGNS)

    @property
    def percent(self) -> bool:
        """Whether it is a percentage."""
        return "%" in self.head + self.tail

    @property
    def is_plain(self) -> bool:
        """Whether the digits have no separator at all."""
        return self.core.isdigit()

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing but digits."""
        return self.raw == self.core and self.is_plain


def parse_numeral(text: str) -> Numeral | None:
    """The text as a numeral, None when anything in it is not part of one number."""
    found = _NUMERAL.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or not _consistent(found):
        return None
    head, core, tail = found["head"], found["core"], found["tail"]
    return Numeral(
        raw=text,
        head=head,
        core=core,
        tail=tail,
        currency=found["before"] or found["after"] or "",
        groups=tuple(_DIGITS.findall(core)),
        separators=tuple(_BETWEEN.findall(core)),
        negative=any(char in _NEGATIVE for char in head + tail),
    )


def _consistent(found: re.Match[str]) -> bool:
    """Parentheses that match, at most one sign, currency and per cent sign, one-character separators."""
    head, tail = found["head"], found["tail"]
    signs = sum(char in f"+{MINUS_SIGNS}" for char in head + tail)
    opened = head.count("(")
    return (
        opened == tail.count(")") <= 1
        and signs + opened <= 1
        and not (found["before"] and found["after"])
        and not (found["rate_before"] and found["rate_after"])
        and not (("%" in head or "%" in tail) and (found["before"] or found["after"]))
        and all(len(separator) == 1 for separator in _BETWEEN.findall(found["core"]))
    )
