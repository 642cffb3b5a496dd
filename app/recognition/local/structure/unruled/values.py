"""Which tokens are values of their own."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[-+−–]?[€$£]?\d+([.,]\d+%?(±\d+[.,]\d+)?|%)|\d{1,4}([-/.])\d\d?\3\d{2,4}")
"""A decimal, share or date: not the beginning of a number in groups, as the 5 of ``5 000``."""


def are_two_values(left: str, right: str) -> bool:
    """True for neighbouring tokens that no single cell holds; brackets may follow ``right``."""
    return bool(_WHOLE.fullmatch(left) and _WHOLE.fullmatch(right.partition("(")[0]))
