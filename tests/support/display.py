"""What a spreadsheet program shows under a number format (ECMA-376 Part 1, 18.8.31), English locale."""

from __future__ import annotations

import operator
import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import get_month_names

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|(\[[^\]]*\])|([0#]|[.,%])|(.)', re.DOTALL)
_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)(-?[0-9.]+)\]")
_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_LANGUAGES = {
    "407": "de_DE",
    "409": "en_US",
    "C07": "de_AT",
    "40C": "fr_FR",
    "C0A": "es_ES",
    "410": "it_IT",
    "416": "pt_BR",
    "413": "nl_NL",
    "41D": "sv_SE",
    "406": "da_DK",
    "414": "nb_NO",
    "41F": "tr_TR",
}
"""By the number of a language in a format."""


def shown(value: object, number_format: str) -> str:
    """The displayed text of a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date | time):
        return _shown_date(value, number_format)
    assert isinstance(value, int | float)
    return _shown_number(value, number_format)


def sections(number_format: str) -> list[str]:
    """The sections, split at semicolons outside of quotes."""
    found = [""]
    for match in _TOKEN.finditer(number_format):
        if match[0] == ";":
            found.append("")
        else:
            found[-1] += match[0]
    return found


def _shown_number(value: float, number_format: str) -> str:
    if number_format == "General":
        return f"{value:g}"
    section, signed = _choose(value, sections(number_format))
    digits = _digits(Decimal(repr(abs(value))), section)
    return f"-{digits}" if signed and value < 0 else digits


def _choose(value: float, parts: list[str]) -> tuple[str, bool]:
    """The section for the value, and whether a minus is put before it.

    Excel puts one where the section can match values of both signs.
    """
    conditions = [_CONDITION.search(part) for part in parts]
    if not any(conditions):
        if len(parts) == 1:
            return parts[0], True
        return parts[1 if value < 0 else 2 if value == 0 and len(parts) > 2 else 0], False
    for part, condition in zip(parts, conditions, strict=True):
        if condition is None:
            return part, True
        sign, limit = condition[1], float(condition[2])
        if _COMPARE[sign](value, limit):
            negative_alone = (sign in ("<", "<=", "=") and limit < 0) or (sign == "<" and limit == 0)
            return part, not negative_alone
    raise AssertionError(f"no section of {parts} takes {value}")


def _digits(value: Decimal, section: str) -> str:
    tokens = [match.groups() for match in _TOKEN.finditer(section)]
    places = [index for index, token in enumerate(tokens) if token[3] in ("0", "#")]
    if any(token[3] == "%" for token in tokens):
        value *= 100
    if not places:
        return "".join(_literal(token) for token in tokens)
    first, last = places[0], places[-1]
    point = next((i for i in range(first, last + 1) if tokens[i][3] == "."), last + 1)
    decimals = sum(tokens[i][3] in ("0", "#") for i in range(point, last + 1))
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    if any(tokens[i][3] == "," for i in range(first, point)):
        whole = f"{int(whole):,}"
    head = "".join(_literal(token) for token in tokens[:first])
    tail = "".join(_literal(token) for token in tokens[last + 1 :])
    after = "." + fraction if decimals else ""
    return head + _whole(whole, tokens[first:point]) + after + tail


def _whole(digits: str, tokens: list[tuple[str | None, ...]]) -> str:
    """The digits of the whole part laid into its places from the right, literals between them."""
    if digits == "0" and not any(token[3] == "0" for token in tokens):
        return ""
    left, out = list(digits), ""
    for token in reversed(tokens):
        if token[3] in ("0", "#"):
            while left and left[-1] == ",":
                out = left.pop() + out
            out = (left.pop() if left else "0" if token[3] == "0" else "") + out
        elif token[3] != ",":
            out = _literal(token) + out
    return "".join(left) + out


def _literal(token: tuple[str | None, ...]) -> str:
    quoted, escaped, bracket, special, other = token
    if bracket is not None:
        return ""
    return next(text for text in (quoted, escaped, special, other) if text is not None)


def _shown_date(value: date | time, number_format: str) -> str:
    if isinstance(value, time):
        value = datetime.combine(date(2000, 1, 1), value)
    language = re.search(r"\[\$-(\w+)\]", number_format)
    names = get_month_names("wide", locale=_LANGUAGES[language[1]] if language else "en_US")
    hour = f"{value:%I}" if "AM/PM" in number_format else f"{value:%H}"
    codes = {
        "yyyy": f"{value.year:04}",
        "yy": f"{value.year % 100:02}",
        "mmmm": names[value.month],
        "mmm": names[value.month][:3],
        "mm": f"{value.month:02}",
        "m": str(value.month),
        "dd": f"{value.day:02}",
        "d": str(value.day),
        "hh": hour,
        "h": str(int(hour)),
        "AM/PM": f"{value:%p}",
        "MM": f"{value:%M}",
        "ss": f"{value:%S}",
    }
    # behind hours mm are minutes
    code = re.sub(r"(h\\?[:.h])mm", r"\1MM", number_format)
    tokens = "|".join(sorted(codes, key=len, reverse=True)) + r'|\[[^\]]*\]|"[^"]*"|\\?.'
    return "".join(codes.get(match[0]) or _plain(match[0]) for match in re.finditer(tokens, code))


def _plain(token: str) -> str:
    if token.startswith("["):
        return ""
    return token[1:] if token.startswith("\\") else token.strip('"')
