"""Names of months as Excel and LibreOffice show them, by the language that a number format names.

Only names that both show alike: full names, and the English short ones. Languages that bend the name beside a
day (Polish, Czech, Greek, Finnish) are left out where programs differ; such a date stays text.
"""

from __future__ import annotations

from dataclasses import dataclass

_ENGLISH = "January February March April May June July August September October November December"
_NAMES = {
    "409": _ENGLISH,
    "407": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "C07": "Jänner",
    "40C": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "C0A": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "410": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "416": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "413": "januari februari maart april mei juni juli augustus september oktober november december",
    "41D": "januari februari mars april maj juni juli augusti september oktober november december",
    "406": "januar februar marts april maj juni juli august september oktober november december",
    "414": "januar februar mars april mai juni juli august september oktober november desember",
    "41F": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
}
"""By the hexadecimal number of the language in a format, ``[$-407]``."""
_SHORT = 3
"""Letters of a short name in English."""


@dataclass(frozen=True, slots=True)
class Month:
    """A name understood."""

    number: int
    language: str
    short: bool


def _all() -> dict[str, Month]:
    found: dict[str, Month] = {}
    for language, names in _NAMES.items():
        for number, name in enumerate(names.split(), 1):
            found.setdefault(name, Month(number, language, short=False))
    for number, name in enumerate(_ENGLISH.split(), 1):
        if len(name) > _SHORT:
            found[name[:_SHORT]] = Month(number, "409", short=True)
    return found


MONTHS = _all()
"""By name, as Excel writes it: Jan or January, never JAN."""
NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
"""For regular expressions."""
